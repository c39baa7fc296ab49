-- Orleans' AdoNet providers know no SQL of their own: each reads the statements it runs from this table, by fixed keys.
-- A later migration that changes a statement updates its row.
CREATE TABLE OrleansQuery
(
    QueryKey text COLLATE "C" PRIMARY KEY,
    QueryText text NOT NULL
);
