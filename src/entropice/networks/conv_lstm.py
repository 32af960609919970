"""Frames from earlier frames: convolutional LSTM in the encoding-forecasting form (Shi et al. 2015, arXiv:1506.04214).

Layers of the encoding network read the frames that are seen, one after the other; their last states are the first ones
of the forecasting network, which is unrolled without inputs of its own; a convolution of one pixel reads each forecast
from the states of all its layers. Peepholes, which have a weight for each pixel, are left out: frames may have any
size. The bias of the forgetting gate begins at 1 (Jozefowicz et al. 2015), so that states are remembered at first.

With `recomputed_every` only the states after every so many steps are kept for gradients, and what lies between is
computed a second time (Chen et al. 2016, arXiv:1604.06174): memory falls with the number of steps kept, time rises by
about a half, and outputs and gradients are those of the plain computation but for rounding.
"""

from collections.abc import Callable, Sequence
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from entropice.networks.architecture import NetworkSpecification
from entropice.networks.attention import ATTENTIONS
from entropice.networks.options import ConvLSTMOptions

States = list[Tensor]
"""Hidden state and cell of each layer, one after the other; each float32 (n, width, row, column)."""


class ConvLSTMCell(nn.Module):
    """One step of one layer."""

    def __init__(self, n_inputs: int, width: int, kernel_px: int) -> None:
        super().__init__()
        self.gates = nn.Conv2d(n_inputs + width, 4 * width, kernel_px, padding=kernel_px // 2)
        with torch.no_grad():
            cast(Tensor, self.gates.bias)[width : 2 * width] = 1.0

    def forward(self, inputs: Sequence[Tensor], hidden: Tensor, cell: Tensor) -> tuple[Tensor, Tensor]:
        """Hidden state and cell after inputs (n, channel, row, column), or after none.

        i, f, g, o = gates(inputs, h); c ← σ(f) c + σ(i) tanh g; h ← σ(o) tanh c.
        """
        taken, kept, new, shown = self.gates(torch.cat([*inputs, hidden], dim=1)).chunk(4, dim=1)
        cell = torch.sigmoid(kept) * cell + torch.sigmoid(taken) * torch.tanh(new)
        return torch.sigmoid(shown) * torch.tanh(cell), cell


class Layers(nn.Module):
    """Cells on top of each other."""

    def __init__(self, n_inputs: int, widths: Sequence[int], kernel_px: int) -> None:
        super().__init__()
        below = (n_inputs, *widths[:-1])
        self.cells = nn.ModuleList(ConvLSTMCell(*each, kernel_px) for each in zip(below, widths, strict=True))

    def forward(self, inputs: Sequence[Tensor], states: States) -> States:
        """States after one step."""
        after: States = []
        for layer, cell in enumerate(self.cells):
            hidden, remembered = cell(inputs, *states[2 * layer : 2 * layer + 2])
            after += [hidden, remembered]
            inputs = [hidden]
        return after


class ConvLSTM(nn.Module):
    """(n, time in, band, row, column) to (n, time out, target band, row, column)."""

    def __init__(self, bands: Sequence[str], options: ConvLSTMOptions) -> None:
        super().__init__()
        self.options = options
        self._targets = [bands.index(band) for band in options.target_bands]
        self.encoding = Layers(len(bands), options.widths, options.kernel_px)
        self.forecasting = Layers(0, options.widths, options.kernel_px)
        n_states = sum(options.widths)
        self.attention = ATTENTIONS[options.attention](n_states)
        self.readout = nn.Conv2d(n_states, len(self._targets), 1)
        if options.is_residual:
            # training begins with frames that stay as they are
            nn.init.zeros_(self.readout.weight)
            nn.init.zeros_(cast(Tensor, self.readout.bias))

    def forward(self, frames: Tensor) -> Tensor:
        """Of standardised frames."""
        states = self._first_states(frames)
        for seen in torch.split(frames, self._n_steps(frames.shape[1]), dim=1):
            states = self._kept(self._read, seen, *states)
        forecasts: list[Tensor] = []
        while len(forecasts) < self.options.n_frames_out:
            n_steps = self._n_steps(self.options.n_frames_out - len(forecasts))
            *states, outputs = self._kept(self._forecast, n_steps, *states)
            forecasts += outputs.unbind(1)
        outputs = torch.stack(forecasts, dim=1)
        return outputs + frames[:, -1:, self._targets] if self.options.is_residual else outputs

    def _first_states(self, frames: Tensor) -> States:
        n, _, _, *edges = frames.shape
        return [frames.new_zeros(n, width, *edges) for width in self.options.widths for _ in range(2)]

    def _n_steps(self, n_left: int) -> int:
        return min(n_left, self.options.recomputed_every or n_left)

    def _kept(self, steps: Callable[..., Any], *arguments: Any) -> Any:
        """What steps give; where it is computed again for gradients, only what they begin with is kept."""
        if self.options.recomputed_every is None or not torch.is_grad_enabled():
            return steps(*arguments)
        return checkpoint(steps, *arguments, use_reentrant=False, preserve_rng_state=False)

    def _read(self, frames: Tensor, *states: Tensor) -> States:
        after = [*states]
        for frame in frames.unbind(1):
            after = self.encoding([frame], after)
        return after

    def _forecast(self, n_steps: int, *states: Tensor) -> States:
        """States after some steps, and what is read from them."""
        after, outputs = [*states], []
        for _ in range(n_steps):
            after = self.forecasting([], after)
            outputs.append(self.readout(self.attention(torch.cat(after[::2], dim=1))))
        return [*after, torch.stack(outputs, dim=1)]


def conv_lstm(specification: NetworkSpecification) -> nn.Module:
    """The network of a specification."""
    return ConvLSTM(specification.bands, ConvLSTMOptions.model_validate(specification.options))
