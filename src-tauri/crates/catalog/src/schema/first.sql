CREATE TABLE catalog (
    one        INTEGER PRIMARY KEY CHECK (one = 1),
    id         TEXT    NOT NULL,
    epoch      INTEGER NOT NULL,
    space      TEXT    NOT NULL,
    dim        INTEGER NOT NULL CHECK (dim BETWEEN 1 AND 65536)
) STRICT;

CREATE TABLE tracks (
    row             INTEGER PRIMARY KEY AUTOINCREMENT,
    id              TEXT NOT NULL UNIQUE,
    sha256          BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
    title           TEXT NOT NULL,
    artist          TEXT,
    album           TEXT,
    licence         TEXT,
    attribution     TEXT,
    source          TEXT,
    duration_s      REAL NOT NULL,
    preview_start_s REAL NOT NULL,
    preview_end_s   REAL NOT NULL,
    bpm             REAL,
    bpm_confidence  REAL,
    bpm_candidates  BLOB,
    key             INTEGER CHECK (key BETWEEN 0 AND 23),
    key_confidence  REAL,
    loudness_lufs   REAL,
    true_peak_dbtp  REAL
) STRICT;
CREATE INDEX tracks_bpm ON tracks (bpm);
CREATE INDEX tracks_key ON tracks (key);

CREATE TABLE files (
    path        TEXT PRIMARY KEY,
    bytes       INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL,
    track       INTEGER NOT NULL REFERENCES tracks (row) ON DELETE CASCADE,
    missing     INTEGER NOT NULL DEFAULT 0 CHECK (missing IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX files_track ON files (track, missing, path);
CREATE INDEX files_missing ON files (track) WHERE missing = 1;

CREATE TABLE tag_names (
    number INTEGER PRIMARY KEY,
    name   TEXT NOT NULL UNIQUE COLLATE NOCASE
) STRICT;

CREATE TABLE tags (
    track INTEGER NOT NULL REFERENCES tracks (row) ON DELETE CASCADE,
    tag   INTEGER NOT NULL REFERENCES tag_names (number),
    score REAL    NOT NULL,
    PRIMARY KEY (track, tag)
) STRICT, WITHOUT ROWID;
CREATE INDEX tags_tag ON tags (tag, score);

CREATE TABLE vectors (
    track  INTEGER PRIMARY KEY REFERENCES tracks (row) ON DELETE CASCADE,
    vector BLOB NOT NULL
) STRICT;

CREATE TABLE sections (
    track   INTEGER NOT NULL REFERENCES tracks (row) ON DELETE CASCADE,
    start_s REAL NOT NULL,
    end_s   REAL NOT NULL,
    vector  BLOB NOT NULL,
    PRIMARY KEY (track, start_s)
) STRICT, WITHOUT ROWID;

CREATE TABLE failures (
    path        TEXT PRIMARY KEY,
    bytes       INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL,
    code        TEXT NOT NULL,
    message     TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE tombstones (row INTEGER PRIMARY KEY) STRICT;
CREATE TRIGGER tracks_deleted AFTER DELETE ON tracks BEGIN
    INSERT OR IGNORE INTO tombstones (row) VALUES (old.row);
END;
