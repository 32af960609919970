"""Frames from earlier frames: convolutional LSTM in the encoding-forecasting form (Shi et al. 2015, arXiv:1506.04214).

Layers of the encoding network read the frames that are seen, one after the other; their last states are the first ones
of the forecasting network, which is unrolled without inputs of its own; a convolution of one pixel reads each forecast
from the states of all its layers. Peepholes, which have a weight for each pixel, are left out: frames may have any
size. The bias of the forgetting gate begins at 1 (Jozefowicz et al. 2015), so that states are remembered at first.

With `recomputed_every` only the states after every so many steps are kept for gradients, and what lies between is
computed a second time (Chen et al. 2016, arXiv:1604.06174): memory falls with the number of steps kept, time rises by
about a half, and outputs and gradients are those of the plain computation but for rounding.

This module needs torch alone.
"""

from collections.abc import Callable, Sequence
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

States = list[Tensor]
"""Hidden state and cell of each layer, one after the other; each float32 (n, width, row, column)."""


class ConvLSTMCell(nn.Module):
    """One step of one layer.

    Parameters
    ----------
    n_inputs, width
        Channels of the inputs, 0 for none, and of hidden state and cell.
    kernel_px
        Edge of the one kernel of all gates, odd; beyond the edges of a frame it sees zeros.
    """

    def __init__(self, n_inputs: int, width: int, kernel_px: int) -> None:
        super().__init__()
        self.gates = nn.Conv2d(n_inputs + width, 4 * width, kernel_px, padding=kernel_px // 2)
        with torch.no_grad():
            cast(Tensor, self.gates.bias)[width : 2 * width] = 1.0

    def forward(self, inputs: Sequence[Tensor], hidden: Tensor, cell: Tensor) -> tuple[Tensor, Tensor]:
        """Hidden state and cell after inputs (n, channel, row, column), or after none.

        i, f, g, o = gates(inputs, h); c ← σ(f) c + σ(i) tanh g; h ← σ(o) tanh c.

        Both have the shape (n, width, row, column) of those that are given. Inputs are a list of tensors, joined along
        their channels; an empty list is a step without inputs. With all gates' sums 0 and c = 1, c becomes .5 and h .5
        tanh .5 = .231.

        Examples
        --------
        >>> one, step = torch.ones(1, 1, 1, 1), ConvLSTMCell(n_inputs=0, width=1, kernel_px=3)
        >>> _ = [nn.init.zeros_(each) for each in step.parameters()]
        >>> hidden, cell = step([], hidden=0 * one, cell=one)
        >>> round(float(hidden.detach()), 3), float(cell.detach())
        (0.231, 0.5)
        """
        taken, kept, new, shown = self.gates(torch.cat([*inputs, hidden], dim=1)).chunk(4, dim=1)
        cell = torch.sigmoid(kept) * cell + torch.sigmoid(taken) * torch.tanh(new)
        return torch.sigmoid(shown) * torch.tanh(cell), cell


class Layers(nn.Module):
    """Cells on top of each other: the lowest sees the inputs, each other one the hidden state of the one below.

    Parameters
    ----------
    n_inputs
        Channels that the lowest sees; 0 where it sees nothing.
    widths, kernel_px
        As of `ConvLSTM`.
    """

    def __init__(self, n_inputs: int, widths: Sequence[int], kernel_px: int) -> None:
        super().__init__()
        below = (n_inputs, *widths[:-1])
        self.cells = nn.ModuleList(ConvLSTMCell(*each, kernel_px) for each in zip(below, widths, strict=True))

    def forward(self, inputs: Sequence[Tensor], states: States) -> States:
        """States after one step, in the order of `States`: hidden state and cell of the lowest layer first.

        Inputs are a list of tensors (n, channel, row, column), or an empty one. Given states are not changed.
        """
        after: States = []
        for layer, cell in enumerate(self.cells):
            hidden, remembered = cell(inputs, *states[2 * layer : 2 * layer + 2])
            # Hidden and cell side by side: a checkpoint passes flat tensors on.
            after += [hidden, remembered]
            inputs = [hidden]
        return after


class ConvLSTM(nn.Module):
    """(n, time in, band, row, column) to (n, time out, target band, row, column).

    Parameters
    ----------
    targets
        Positions of the target bands among those that are seen.
    widths, kernel_px
        Channels of each layer's state, the lowest first; edge of kernels, odd.
    is_residual
        Whether outputs are added to the last frame that is seen.
    n_recalled
        Frames before the last that it is drawn back to, if outputs are added to it: with weights w learned for each
        frame out, target and recalled frame xⱼ, outputs are added to x + Σⱼ wⱼ (xⱼ − x). Training begins halfway
        between the last and the mean of all these frames.
    attention
        Makes what weighs the states, of so many channels, before they are read out.
    recomputed_every
        Steps in time whose values are computed again for gradients; None: none.
    """

    def __init__(
        self,
        n_bands: int,
        targets: Sequence[int],
        n_frames_out: int,
        widths: Sequence[int],
        kernel_px: int,
        is_residual: bool,
        attention: Callable[[int], nn.Module] = nn.Identity,
        recomputed_every: int | None = None,
        n_recalled: int = 0,
    ) -> None:
        super().__init__()
        self.n_frames_out, self.widths = n_frames_out, tuple(widths)
        self.is_residual, self.recomputed_every = is_residual, recomputed_every
        self._targets = list(targets)
        self.encoding = Layers(n_bands, widths, kernel_px)
        self.forecasting = Layers(0, widths, kernel_px)
        n_states = sum(widths)
        self.attention = attention(n_states)
        self.readout = nn.Conv2d(n_states, len(self._targets), 1)
        if is_residual:
            # training begins with frames that stay as they are
            nn.init.zeros_(self.readout.weight)
            nn.init.zeros_(cast(Tensor, self.readout.bias))
        halfway = torch.full((n_frames_out, n_recalled, len(self._targets)), 0.5 / (n_recalled + 1))
        self.recall = nn.Parameter(halfway) if n_recalled else None

    def forward(self, frames: Tensor) -> Tensor:
        """Forecasts (n, time out, target band, row, column) of standardised frames (n, time in, band, row, column).

        Forecasts are standardised as their bands are, the next step in time first. States begin with 0. Any number of
        frames above `n_recalled` goes in, whatever their number was in training; with fewer it is not refused, and what
        is recalled is not what was learned. A NaN spreads over frames by the
        kernels, so what is unknown is filled before (`entropice.networks.architectures.build_network` does).

        Examples
        --------
        A network that adds to the last frame begins with it; with one frame recalled, halfway to the mean of 2 and 4.

        >>> frames = torch.tensor([2.0, 4.0]).reshape(1, 2, 1, 1, 1)
        >>> sizes = {"n_bands": 1, "targets": [0], "n_frames_out": 3, "widths": [2], "kernel_px": 3}
        >>> [ConvLSTM(**sizes, is_residual=True, n_recalled=n)(frames).flatten().tolist() for n in (0, 1)]
        [[4.0, 4.0, 4.0], [3.5, 3.5, 3.5]]
        """
        states = self._first_states(frames)
        for seen in torch.split(frames, self._n_steps(frames.shape[1]), dim=1):
            states = self._kept(self._read, seen, *states)
        forecasts: list[Tensor] = []
        while len(forecasts) < self.n_frames_out:
            n_steps = self._n_steps(self.n_frames_out - len(forecasts))
            *states, outputs = self._kept(self._forecast, n_steps, *states)
            forecasts += outputs.unbind(1)
        outputs = torch.stack(forecasts, dim=1)
        return outputs + self._carried(frames[:, :, self._targets]) if self.is_residual else outputs

    def _carried(self, frames: Tensor) -> Tensor:
        """The last of target frames, drawn back to those before it."""
        last = frames[:, -1:]
        if self.recall is None:
            return last
        return last + torch.einsum("ojt,njtyx->notyx", self.recall, frames[:, -1 - self.recall.shape[1] : -1] - last)

    def _first_states(self, frames: Tensor) -> States:
        n, _, _, *edges = frames.shape
        return [frames.new_zeros(n, width, *edges) for width in self.widths for _ in range(2)]

    def _n_steps(self, n_left: int) -> int:
        return min(n_left, self.recomputed_every or n_left)

    def _kept(self, steps: Callable[..., Any], *arguments: Any) -> Any:
        """What steps give; where it is computed again for gradients, only what they begin with is kept."""
        if self.recomputed_every is None or not torch.is_grad_enabled():
            return steps(*arguments)
        # Nothing in a step is random, so no generator's state has to be kept with it.
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
