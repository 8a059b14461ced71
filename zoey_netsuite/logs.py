"""Loggers whose lines are one line each, whatever the record or the answer holds that they speak of."""

from __future__ import annotations

import logging

from zoey_netsuite.wording import one_line


class _OneLine(logging.Filter):
    """Cleans what is told, and moves a traceback in: nothing in it looks like a line of the log."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(one_line(str(one)) if isinstance(one, str | Exception) else one for one in record.args)
        if record.exc_info and not record.exc_text:
            shown = logging.Formatter().formatException(record.exc_info)
            record.exc_text = "\n".join(f"    {one_line(line)}" for line in shown.split("\n"))
        return True


_ONE_LINE = _OneLine()


def logger_of(room: str) -> logging.Logger:
    """The logger of a part of this package.

    Args:
        room: the part's name, "http".
    """
    logger = logging.getLogger(f"zoey_netsuite.{room}")
    logger.addFilter(_ONE_LINE)
    return logger
