"""Commands of this project beside Kedro's own, where Kedro looks for them."""

import click

from entropice.dashboard.command import dashboard
from entropice.figures.command import figures
from entropice.serve.command import serve

cli = click.Group("entropice", commands=[dashboard, figures, serve], help="Commands of this project.")
