"""The `hygiene-audit` command, put together."""

import click

from audit.cli.checklists import checklist
from audit.cli.demo import demo
from audit.cli.journal import export, log
from audit.cli.reports import report
from audit.cli.serving import db, serve

# 2 is a verdict (INDETERMINATE), which a misspelt option must not look like.
click.UsageError.exit_code = 64


@click.group()
@click.version_option(package_name="hygiene-audit")
def main() -> None:
    """Hygiene audits for clinics and spas, ending in a signed PDF report anyone can check.

    Where things are kept is said by AUDIT_DATA_DIR (else the folder var); docs/settings.md lists
    every setting. A command that refuses says why and exits 3; one that is called wrongly, 64.
    """


for command in (serve, demo, report, checklist, db, log, export):
    main.add_command(command)
