"""SuiteQL for the sandbox: Oracle's dialect as NetSuite takes it, answered from the sandbox's SQLite tables.

A query is parsed (`parsing`), compiled against the catalogue (`queries`, `sources`, `expressions`, `functions`) and run
page by page (`engine`). A function that is missing belongs into `functions`, its SQLite half into `library`.
"""

from zoey_netsuite.sandbox.netsuite.suiteql.engine import Engine, Result
from zoey_netsuite.sandbox.netsuite.suiteql.errors import QueryError

__all__ = ["Engine", "QueryError", "Result"]
