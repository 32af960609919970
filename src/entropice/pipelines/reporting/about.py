"""What a run is called and what it claims, from what it is made of, as far as parameters do not say it."""

from collections.abc import Sequence
from typing import Final

from entropice.pipelines.composition import Composition
from entropice.pipelines.reporting.parameters import ReportingParameters
from entropice.pipelines.sources.declaration import SYNTHETIC, Source
from entropice.pipelines.sources.registry import LAND
from entropice.report.about import About

UNSTATED: Final = "No licence or credit was stated (reporting.attributions) for the files given as"


def about_run(
    reporting: ReportingParameters,
    composition: Composition,
    environment: str,
    rebuild_command: str,
    image_credits: Sequence[str] = (),
) -> About:
    """Take the parameters' words, and the composition's where there are none.

    `rebuild_command` is what makes the run again on a command line, `image_credits` are those of
    `entropice.pipelines.tasks.credits.image_credits`. Title and description of parameters stand as they are; without
    them the title is ``Retrogressive thaw slumps of the virtual Arctic``, or ``Retrogressive thaw slumps: <sources>
    (environment <name>)``, and the description says so too and that none was given. `attributions` says which credits
    are named.
    """
    return About(
        title=reporting.title or _title(composition, environment),
        description=reporting.description or _description(composition, environment),
        purpose=reporting.purpose,
        notice=reporting.notice,
        attributions=attributions(composition, reporting.attributions, image_credits),
        rebuild_command=rebuild_command,
    )


def attributions(
    composition: Composition, stated: Sequence[str] = (), image_credits: Sequence[str] = ()
) -> tuple[str, ...]:
    """Credits of the sources that the composition names and of images, then those stated; files without: that is said.

    Land is credited where it was downloaded: a file that is given as land may be of anyone. In a virtual world one
    credit stands for all sources that it makes. No credit stands twice, and each stands where it came first.

    Where sources have no known credit (no licence, or land that is given; in a virtual world files of the user's own)
    and `stated` is empty, a last entry says so once: ``No licence or credit was stated (reporting.attributions) for the
    files given as <names>.`` With anything stated nothing is said to be lacking, for what it covers is not known.
    """
    unlicensed = [source for source in composition.sources if not _is_credited(source, composition)]
    licences = [source.licence for source in composition.sources if source not in unlicensed and source.licence]
    credits_ = [SYNTHETIC.attribution] if composition.world is not None else [licence.credit for licence in licences]
    unstated = [f"{UNSTATED} {_and([_kind(source) for source in unlicensed])}."] if unlicensed and not stated else []
    return tuple(dict.fromkeys([*credits_, *image_credits, *stated, *unstated]))


def _is_credited(source: Source, composition: Composition) -> bool:
    if composition.world is not None:
        return not source.is_local
    return source.licence is not None and (composition.is_downloaded or source is not LAND)


def _title(composition: Composition, environment: str) -> str:
    if composition.world is not None:
        return "Retrogressive thaw slumps of the virtual Arctic"
    named = _named(composition)
    return "Retrogressive thaw slumps" + (f": {', '.join(named)}" if named else "") + f" (environment {environment})"


def _description(composition: Composition, environment: str) -> str:
    if composition.world is not None:
        given = [source.name for source in composition.sources if source.is_local]
        exception = f", but those of {_and(given)}, which were given" if given else ""
        return (
            f"Every source file of this run was made by the virtual Arctic, a synthetic world whose truth is "
            f"known{exception}. Its slumps are not those of the real Arctic; it shows what the method can and cannot "
            f"find out."
        )
    how = "downloaded" if composition.is_downloaded else "given"
    return (
        f"Made of files that were {how} in the environment {environment}: {_and(['land', *_named(composition)])}. "
        f"No description of this run was given (reporting.description)."
    )


def _kind(source: Source) -> str:
    return "land" if source is LAND else source.name


def _named(composition: Composition) -> list[str]:
    return [source.name for source in composition.sources if source is not LAND]


def _and(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
