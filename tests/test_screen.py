"""What the screen shows while Snakemake runs a study: the logger plugin, fed with Snakemake's own records."""

import io
import logging
from types import SimpleNamespace

import pytest
from rich.console import Console
from snakemake_interface_logger_plugins.common import LogEvent
from snakemake_interface_logger_plugins.registry import LoggerPluginRegistry

from initbench.study.progress import Doing, Step
from snakemake_logger_plugin_initbench import LogHandler

SETTINGS = {"dryrun": False, "verbose": False, "printshellcmds": False, "debug_dag": False, "nocolor": True, "quiet": None,
            "show_failed_logs": False, "stdout": False}  # fmt: skip
STEP = Step(("train", "digits.scoring.1"), "training 24 runs: tanh", 2.0, "logs/1.log", "records/1.json")


class Screen:
    """The handler with what it wrote."""

    def __init__(self, **settings):
        self.handler = LogHandler(SimpleNamespace(**SETTINGS | settings), None)
        self.written = io.StringIO()
        self.handler.console = Console(file=self.written, soft_wrap=True, highlight=False, markup=False)

    def hear(self, text=None, level=logging.INFO, **extra):
        record = logging.makeLogRecord(
            {"msg": text, "levelno": level, "levelname": logging.getLevelName(level), **extra}
        )
        if self.handler.filter(record):
            self.handler.handle(record)

    def begin(self):
        self.handler.begin(Doing.of([STEP, Step(("report",), "writing the report", 2.0, "", "r.json")], 2))

    def start(self, number=1, rule="train", words=STEP.what, wildcards=None):
        self.hear(event=LogEvent.JOB_INFO, jobid=number, rule_name=rule, rule_msg=words, log=["logs/1.log"],
                  wildcards={"job": "digits.scoring.1"} if wildcards is None else wildcards)  # fmt: skip

    def end(self, number=1):
        self.hear(event=LogEvent.JOB_FINISHED, job_id=number)

    @property
    def lines(self):
        return self.written.getvalue().splitlines()


@pytest.fixture
def screen():
    return Screen()


def test_snakemake_finds_the_plugin_by_its_name():
    assert LoggerPluginRegistry().get_plugin("initbench").log_handler is LogHandler


def test_a_finished_job_is_one_line_of_what_it_did_and_how_far_all_is(screen):
    screen.begin()
    screen.start()
    assert screen.lines == []
    screen.end()
    (line,) = screen.lines
    assert line.startswith("training 24 runs: tanh: 0 s (1 of 2 jobs, 50%, about ")


def test_jobs_without_words_of_their_own_are_not_shown(screen):
    screen.begin()
    screen.start(rule="figure", words=None, wildcards={"figure": "pair_matrix"})
    screen.end()
    assert screen.lines == []


def test_a_failed_job_is_named_with_its_log(screen):
    screen.begin()
    screen.start()
    screen.hear(event=LogEvent.JOB_ERROR, level=logging.ERROR, jobid=1, rule_name="train", log=["logs/1.log"])
    assert screen.lines == ["initbench: failed: training 24 runs: tanh (log: logs/1.log)"]


def test_snakemakes_noise_is_kept_away_but_not_its_warnings(screen):
    screen.hear("Building DAG of jobs...")
    screen.hear("Workflow has started!", event=LogEvent.WORKFLOW_STARTED)
    screen.begin()
    screen.hear("Select jobs to execute...")
    screen.hear("Complete log(s): x")
    screen.hear("Execute 1 jobs...", event=LogEvent.JOB_STARTED)
    screen.hear(None, event=LogEvent.PROGRESS, done=1, total=2)
    screen.hear("WorkflowError:\nAt least one job did not complete successfully.", level=logging.ERROR)
    screen.hear("RuleException:\nCalledProcessError in file x", level=logging.ERROR)
    assert screen.lines == []
    screen.hear("Directory cannot be locked.", level=logging.ERROR)
    assert screen.lines == ["Directory cannot be locked."]


def test_what_snakemake_answers_outside_a_run_is_shown(screen):
    screen.hear("Unlocked working directory.")
    assert screen.lines == ["Unlocked working directory."]


def test_words_of_the_workflow_are_shown_during_a_run(screen):
    screen.begin()
    screen.hear("The report: results/report/index.html", initbench=True)
    assert screen.lines == ["The report: results/report/index.html"]


def test_where_nothing_is_to_be_done_the_answer_is_shown_all_the_same(screen):
    screen.handler.last_words = lambda: "The report: r"
    screen.hear("Nothing to be done (all requested files are present and up to date).")
    assert screen.lines[-1] == "The report: r"
    assert screen.lines[0].startswith("Nothing to be done")


def test_piped_and_without_colours_there_are_no_escapes(screen):
    screen.begin()
    screen.start()
    screen.hear(event=LogEvent.JOB_ERROR, level=logging.ERROR, jobid=1, rule_name="train", log=[])
    assert "\x1b" not in screen.written.getvalue()


@pytest.mark.parametrize("flag", ["dryrun", "verbose", "printshellcmds", "debug_dag"])
def test_asked_for_more_snakemake_says_all_itself(flag, capsys):
    screen = Screen(**{flag: True})
    screen.hear("Building DAG of jobs...")
    assert "Building DAG of jobs..." in "".join(capsys.readouterr())
    assert screen.lines == []


def test_a_record_that_cannot_be_understood_does_not_stop_the_screen(screen, monkeypatch):
    monkeypatch.setattr(logging, "raiseExceptions", False)
    screen.begin()
    screen.hear(event=LogEvent.JOB_FINISHED)  # without a number
    screen.start()
    screen.end()
    assert len(screen.lines) == 1
