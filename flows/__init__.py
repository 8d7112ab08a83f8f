"""The only Prefect: thin flows over the pipeline's verbs. Parameters, artifacts, logs: ids and counts."""
