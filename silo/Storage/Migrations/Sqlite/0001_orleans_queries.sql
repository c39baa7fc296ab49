-- Orleans' AdoNet providers know no SQL of their own: each reads the statements it runs from this table, by fixed keys.
-- A later migration that changes a statement updates its row.
CREATE TABLE OrleansQuery
(
    QueryKey TEXT NOT NULL PRIMARY KEY,
    QueryText TEXT NOT NULL
) WITHOUT ROWID;
