"""The only SQLAlchemy: tables, snapshots in bulk, commit, statements, migrations."""
