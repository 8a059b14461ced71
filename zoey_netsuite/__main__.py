"""The small command line: `python -m zoey_netsuite …`."""

from __future__ import annotations

import json
import os
import shlex
import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from attrs import asdict

from zoey_netsuite.errors import ConfigurationError, SystemFailure
from zoey_netsuite.wording import extra

if TYPE_CHECKING:
    from zoey_netsuite.sandbox import Sandbox


def _missing(error: ImportError) -> ConfigurationError:
    return ConfigurationError(
        f"This command needs {error.name}, which is not installed. Install it with: {extra('sandbox', 'cli')}"
    )


try:
    import click
except ImportError as error:
    sys.exit(f"Error: {_missing(error)}")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Connect a Zoey store with NetSuite: the tools around the library."""


@main.command()
@click.option("--netsuite-port", default=0, show_default="a free one", help="Where NetSuite listens.")
@click.option("--zoey-port", default=0, show_default="a free one", help="Where Zoey listens.")
@click.option("--seed", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Records, as a JSON file.")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="Where to keep records; else memory.")
@click.option("--empty", is_flag=True, help="Without the sample records.")
@click.option("--no-quotas", is_flag=True, help="Any number of requests a second and at a time.")
@click.option("--json", "as_json", is_flag=True, help="Print addresses and credentials as one line of JSON.")
@click.option("--attached", is_flag=True, help="End when standard input does, too.")
def sandbox(
    netsuite_port: int,
    zoey_port: int,
    seed: Path | None,
    folder: Path | None,
    empty: bool,
    no_quotas: bool,
    as_json: bool,
    attached: bool,
) -> None:
    """Run a NetSuite account and a Zoey store on this machine, until Ctrl+C."""
    try:
        from zoey_netsuite.sandbox import Sandbox, ZoeySettings, samples
    except ImportError as error:
        raise click.ClickException(str(_missing(error))) from error
    stop = threading.Event()
    _on_signals(stop)
    records = seed if seed is not None else None if empty else samples.wholesaler(now=datetime.now(UTC))
    zoey = ZoeySettings(requests_per_second=None) if no_quotas else ZoeySettings()
    try:
        with Sandbox(
            zoey=zoey, seed=records, folder=folder, netsuite_port=netsuite_port, zoey_port=zoey_port
        ) as running:
            if no_quotas:
                running.netsuite.concurrency.limit = None
            if as_json:
                click.echo(json.dumps(_as_data(running)))
            else:
                _show(_as_text(running, sample=records is not None))
            if attached:
                threading.Thread(target=_wait_for_end_of_input, args=(stop,), daemon=True).start()
            stop.wait()
    except (OSError, ValueError) as error:
        raise click.ClickException(f"The sandbox could not be started: {error}") from error


@main.command()
def demo() -> None:
    """Show both systems, brought in step on this machine."""
    try:
        from rich.console import Console

        from zoey_netsuite.demo import DemoFailed, run
    except ImportError as error:
        raise click.ClickException(str(_missing(error))) from error
    try:
        run(Console())
    except (DemoFailed, SystemFailure) as error:
        raise click.ClickException(str(error)) from error


def _show(text: str) -> None:
    """Print it, with some color where rich is there and a person looks."""
    try:
        from rich.console import Console
    except ImportError:
        click.echo(text)
    else:
        console = Console(highlight=False)
        for line in text.splitlines():
            # Variables are to be pasted, so no line may be broken or decorated by its content.
            title = line[:1].isupper()
            console.print(line, style="bold" if title else None, markup=False, soft_wrap=True)
        console.file.flush()


def _on_signals(stop: threading.Event) -> None:
    def end(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)


def _wait_for_end_of_input(stop: threading.Event) -> None:
    while sys.stdin.readline():
        pass
    stop.set()


def _as_data(running: Sandbox) -> dict[str, object]:
    return {
        "netsuite": asdict(running.netsuite.access),
        "zoey": asdict(running.zoey.access),
        "environment": running.environment(),
        "pid": os.getpid(),
    }


def _as_text(running: Sandbox, *, sample: bool) -> str:
    lines = [
        f"NetSuite  {running.netsuite.url}   (account {running.netsuite.account_id})",
        f"Zoey      {running.zoey.url}",
        f"Records   {'as seeded' if sample else 'none'}; control interface under /_sandbox/ of each address",
        "",
        "Credentials, ready to paste:",
        "",
        *(f"export {name}={shlex.quote(value)}" for name, value in running.environment().items()),
        "",
        "Ctrl+C ends it.",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main(prog_name="python -m zoey_netsuite")
