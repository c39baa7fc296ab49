-- The keys behind cookies and antiforgery tokens, each encrypted with the deployment's certificate, shared by all web processes.
CREATE TABLE DataProtectionKeys
(
    Id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    FriendlyName text NOT NULL,
    Xml text NOT NULL,
    CreatedAt timestamptz NOT NULL
);
