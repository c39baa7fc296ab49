-- The keys behind cookies and antiforgery tokens, each encrypted with a certificate that lies outside the database.
-- There is no 0004 here: one silo alone keeps its membership in memory.
CREATE TABLE DataProtectionKeys
(
    Id INTEGER PRIMARY KEY,
    FriendlyName TEXT NOT NULL,
    Xml TEXT NOT NULL,
    CreatedAt TEXT NOT NULL
);
