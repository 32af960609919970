"""``python -m entropice`` is ``kedro run`` of this project."""

import sys
from pathlib import Path
from typing import Any

from kedro.framework.cli.utils import find_run_command
from kedro.framework.project import configure_project


def main(*args: Any, **kwargs: Any) -> Any:
    """Run the project's Kedro pipelines with the command line's arguments.

    They are those of ``kedro run``, such as ``--env``; see `kedro run --help`. The package's folder is taken for that
    of a project.
    """
    package_name = Path(__file__).parent.name
    configure_project(package_name)
    return find_run_command(package_name)(*args, **kwargs)


if __name__ == "__main__":
    sys.exit(main())
