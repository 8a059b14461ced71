"""Sample records for both systems that belong together: the same arguments always give the same records.

`wholesaler` is a believable business; `inventory` is nothing but many items with stock. Both give a mapping for
`Sandbox(seed=…)`, `{"netsuite": {…}, "zoey": {…}}`.
"""

from zoey_netsuite.sandbox.samples.assembly import SAMPLES, by_name, inventory, wholesaler

__all__ = ["SAMPLES", "by_name", "inventory", "wholesaler"]
