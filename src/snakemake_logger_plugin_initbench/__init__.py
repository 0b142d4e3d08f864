"""What the screen shows while Snakemake runs a study: a line a finished job, how far the study is, and what failed.

A logger plugin of Snakemake, which finds it by the name of this package; profiles/default asks for it (`logger: [initbench]`).
The workflow hands it what is to be done (`begin`, in workflow/Snakefile). What Snakemake says itself is in its own log, in
.snakemake/log, and on the screen with -n, --printshellcmds, --verbose or --debug-dag, or with another `--logger`.
"""

import sys
import time
from logging import INFO, WARNING, LogRecord

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.text import Text
from snakemake.logging import ColorizingTextHandler, DefaultFilter, DefaultFormatter
from snakemake_interface_logger_plugins.base import LogHandlerBase
from snakemake_interface_logger_plugins.common import LogEvent

from initbench.base.numbers import duration
from initbench.study.progress import Doing, Key

NOISE = (
    "Building DAG",
    "Assuming unrestricted",
    "Using shell",
    "Group jobs",
    "Conda env",
    "Singularity",
    "host: ",
    "Select jobs",
)
NO_NEWS = ("RuleException:", "Exiting because a job execution failed", "Cannot restore ")  # every failed job is named
AT_LEAST_ONE = "At least one job did not complete successfully"
UP_TO_DATE = "Nothing to be done"
OURS = "initbench"  # what the workflow marks its own records with


class LogHandler(LogHandlerBase):
    """Says what happens to a study in its own words, on standard error."""

    def __post_init__(self) -> None:
        own = self.common_settings
        whole = own.dryrun or own.verbose or own.printshellcmds or own.debug_dag
        self.whole = snakemakes_own(own) if whole else None
        self.console = Console(stderr=True, soft_wrap=True, highlight=False, markup=False, no_color=own.nocolor or None)
        self.doing: Doing | None = None
        self.start = 0.0
        self.began: dict[int, tuple[Key, str | None, float]] = {}  # by Snakemake's number: key, words, time
        self.bar: Progress | None = None
        self.last_words = lambda: ""  # where everything is up to date

    @property
    def writes_to_stream(self) -> bool:
        return True

    @property
    def writes_to_file(self) -> bool:
        return False

    @property
    def has_filter(self) -> bool:
        return True

    @property
    def has_formatter(self) -> bool:
        return True

    @property
    def needs_rulegraph(self) -> bool:
        return False

    def begin(self, doing: Doing) -> None:
        """Follow what is to be done."""
        self.doing, self.start = doing, time.monotonic()

    def emit(self, record: LogRecord) -> None:
        """Say what a record means for the study; an error in here stops neither the run nor the other lines."""
        try:
            if self.whole is not None:
                self.whole.handle(record)
            else:
                self._hear(record)
        except Exception:
            self.handleError(record)

    def close(self) -> None:
        if self.bar is not None:
            self.bar.stop()
        super().close()

    def _hear(self, record: LogRecord) -> None:
        event, said = getattr(record, "event", None), str(record.msg or "")
        if event == LogEvent.JOB_INFO:
            self._started(record)
        elif event == LogEvent.JOB_FINISHED:
            self._finished(record.job_id)
        elif event == LogEvent.JOB_ERROR:
            self._failed(record)
        elif record.levelno >= WARNING and not said.startswith(NO_NEWS) and AT_LEAST_ONE not in said:
            self._say(said)
        elif record.levelno == INFO and (getattr(record, OURS, False) or self._is_news(event, said)):
            self._say(said)
            if said.startswith(UP_TO_DATE):
                self._say(self.last_words())

    def _is_news(self, event, said: str) -> bool:
        """Whether something that Snakemake says without an event is for the reader: before the run all but a few lines."""
        return event is None and self.doing is None and bool(said) and not said.startswith(NOISE)

    def _started(self, record: LogRecord) -> None:
        key = record.rule_name, *sorted(dict(record.wildcards or {}).values())
        self.began[record.jobid] = key, record.rule_msg, time.monotonic()
        self._draw_bar()

    def _finished(self, number: int) -> None:
        key, words, began = self.began.pop(number, ((), None, 0.0))
        if self.doing is None or not words:
            return
        now = time.monotonic()
        self.doing = self.doing.after(key)
        self._say(f"{words}: {duration(now - began)} ({self.doing.progress(now - self.start)})")
        self._draw_bar()

    def _failed(self, record: LogRecord) -> None:
        _, words, _ = self.began.pop(record.jobid, ((), None, 0.0))
        self._say(
            f"initbench: failed: {words or record.rule_name} (log: {', '.join(record.log or ['none'])})", "bold red"
        )

    def _say(self, text: str, style: str = "") -> None:
        if text:
            console = self.bar.console if self.bar is not None else self.console
            console.print(Text(text, style))

    def _draw_bar(self) -> None:
        """Where somebody looks on: what is being done, and how far all is."""
        if self.doing is None or not self.console.is_terminal or self.console.is_dumb_terminal:
            return
        if self.bar is None:
            columns = BarColumn(20), TextColumn("{task.description}", markup=False)
            self.bar = Progress(*columns, console=self.console, transient=True, refresh_per_second=2)
            self.bar.add_task("", total=1.0)
            self.bar.start()
        now = [words for _, words, _ in self.began.values() if words]
        more = f" and {len(now) - 1} more" if len(now) > 1 else ""
        text = f"{self.doing.progress(time.monotonic() - self.start)}: {now[0] if now else ''}{more}"
        self.bar.update(self.bar.task_ids[0], completed=self.doing.share, description=text)


def snakemakes_own(settings) -> ColorizingTextHandler:
    """The handler that Snakemake would have without this plugin."""
    handler = ColorizingTextHandler(nocolor=settings.nocolor, stream=sys.stdout if settings.stdout else sys.stderr)
    quiet = set(settings.quiet or ())
    handler.addFilter(
        DefaultFilter(quiet, settings.debug_dag, settings.verbose, settings.dryrun, settings.printshellcmds)
    )
    handler.setFormatter(DefaultFormatter(quiet, settings.show_failed_logs))
    return handler
