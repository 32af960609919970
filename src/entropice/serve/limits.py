"""What one server takes upon itself at most."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Bounds on what requests may ask; each is an option of ``kedro serve``.

    Attributes
    ----------
    max_upload_bytes
        Of a request's body, counted while it arrives.
    max_pixels
        Of an uploaded image, as its header states them, before anything is decoded.
    timeout_s
        For a body to arrive, and again for its answer to be computed.
    n_threads
        That compute answers at the same time.
    queue_length
        Requests that wait for a thread; more are told to come again.
    max_features
        Of one GeoJSON document.
    max_values
        Of one forecast, over all of its days.
    """

    max_upload_bytes: int = 20_000_000
    max_pixels: int = 50_000_000
    timeout_s: float = 30.0
    n_threads: int = 2
    queue_length: int = 256
    max_features: int = 50_000
    max_values: int = 1_000_000

    @property
    def max_requests(self) -> int:
        """That are open at the same time: half of them may be those whose body still arrives.

        2 (n_threads + queue_length).

        Examples
        --------
        >>> Limits(n_threads=2, queue_length=8).max_requests
        20
        """
        return 2 * (self.n_threads + self.queue_length)
