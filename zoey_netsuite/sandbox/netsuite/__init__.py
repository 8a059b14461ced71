"""NetSuite's stand-in: `app` answers requests, `company` holds the records and rules, `suiteql` answers queries.

What differs between accounts is a switch in `settings`. A new record type goes into one of the `*_types` modules; what
it does beyond keeping its fields is a behavior, put in place by `company`.
"""
