"""Commands of this project beside Kedro's own, where Kedro looks for them."""

import click

from entropice.dashboard.command import dashboard

cli = click.Group("entropice", commands=[dashboard], help="Commands of this project.")
