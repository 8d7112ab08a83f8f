"""The only composition, one file per verb. Opens transactions, passes the clock; no rule, no SQL, no Prefect."""
