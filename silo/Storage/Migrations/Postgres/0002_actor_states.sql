-- One row per actor and state name. The key is what the provider gives, without its hashes: the text itself is the key, byte by byte, so that
-- 'student/s01/0042' and 'student/s01/42' are two rows. The extension is '' rather than NULL, because NULLs are distinct in a unique key.
-- The payload is the JSON that the serializer wrote, kept as text, so that people can read it and nothing reorders or rounds it.
-- A cleared state keeps its row and version: a deleted row would start again at version 1, and an activation that still holds an old version 1
-- could overwrite it.
CREATE TABLE OrleansStorage
(
    ServiceId text COLLATE "C" NOT NULL,
    GrainTypeString text COLLATE "C" NOT NULL,
    GrainIdExtensionString text COLLATE "C" NOT NULL,
    GrainIdN0 bigint NOT NULL,
    GrainIdN1 bigint NOT NULL,
    PayloadJson text NULL,
    Version integer NOT NULL,
    ModifiedOn timestamptz NOT NULL,
    PRIMARY KEY (ServiceId, GrainTypeString, GrainIdExtensionString, GrainIdN0, GrainIdN1)
) WITH (fillfactor = 80);

-- One statement decides, writes and answers. No row answered is a version conflict: a first write found a row, or a later one found another version or none.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('WriteToStorageKey', $sql$
    INSERT INTO OrleansStorage
        (ServiceId, GrainTypeString, GrainIdExtensionString, GrainIdN0, GrainIdN1, PayloadJson, Version, ModifiedOn)
    SELECT @ServiceId, @GrainTypeString, COALESCE(@GrainIdExtensionString, ''), @GrainIdN0, @GrainIdN1,
        convert_from(@PayloadBinary, 'UTF8'), 1, now()
    WHERE @GrainStateVersion IS NULL OR EXISTS
    (
        SELECT 1 FROM OrleansStorage
        WHERE ServiceId = @ServiceId AND GrainTypeString = @GrainTypeString
            AND GrainIdExtensionString = COALESCE(@GrainIdExtensionString, '') AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
    )
    ON CONFLICT (ServiceId, GrainTypeString, GrainIdExtensionString, GrainIdN0, GrainIdN1) DO UPDATE
        SET PayloadJson = excluded.PayloadJson, Version = OrleansStorage.Version + 1, ModifiedOn = excluded.ModifiedOn
        WHERE OrleansStorage.Version = @GrainStateVersion
    RETURNING Version AS NewGrainStateVersion
$sql$);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('ReadFromStorageKey', $sql$
    SELECT convert_to(PayloadJson, 'UTF8') AS PayloadBinary, Version
    FROM OrleansStorage
    WHERE ServiceId = @ServiceId AND GrainTypeString = @GrainTypeString
        AND GrainIdExtensionString = COALESCE(@GrainIdExtensionString, '') AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
$sql$);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('ClearStorageKey', $sql$
    UPDATE OrleansStorage
    SET PayloadJson = NULL, Version = Version + 1, ModifiedOn = now()
    WHERE ServiceId = @ServiceId AND GrainTypeString = @GrainTypeString
        AND GrainIdExtensionString = COALESCE(@GrainIdExtensionString, '') AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
        AND Version = @GrainStateVersion
    RETURNING Version AS NewGrainStateVersion
$sql$);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('DeleteStorageKey', $sql$
    DELETE FROM OrleansStorage
    WHERE ServiceId = @ServiceId AND GrainTypeString = @GrainTypeString
        AND GrainIdExtensionString = COALESCE(@GrainIdExtensionString, '') AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
        AND Version = @GrainStateVersion
    RETURNING Version + 1 AS NewGrainStateVersion
$sql$);
