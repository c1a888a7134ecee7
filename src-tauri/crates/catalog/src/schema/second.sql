ALTER TABLE tracks ADD COLUMN isrc              TEXT;
ALTER TABLE tracks ADD COLUMN claimed_bpm       REAL;
ALTER TABLE tracks ADD COLUMN claimed_key       INTEGER CHECK (claimed_key BETWEEN 0 AND 23);
ALTER TABLE tracks ADD COLUMN tuning_cents      REAL;
ALTER TABLE tracks ADD COLUMN loudness_range_lu REAL;
ALTER TABLE tracks ADD COLUMN tempo_stretches   BLOB;
ALTER TABLE tracks ADD COLUMN ending            INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tracks ADD COLUMN ending_s          REAL;
ALTER TABLE tracks ADD COLUMN climax_s          REAL;
ALTER TABLE tracks ADD COLUMN loop_start_s      REAL;
ALTER TABLE tracks ADD COLUMN loop_end_s        REAL;
ALTER TABLE tracks ADD COLUMN mood              BLOB;
ALTER TABLE tracks ADD COLUMN energy            REAL;
ALTER TABLE tracks ADD COLUMN valence           REAL;
ALTER TABLE tracks ADD COLUMN vocal             REAL;
ALTER TABLE tracks ADD COLUMN analysis_version  INTEGER NOT NULL DEFAULT 0;
CREATE INDEX tracks_duration ON tracks (duration_s);

ALTER TABLE sections ADD COLUMN kind   INTEGER NOT NULL DEFAULT 1;
ALTER TABLE sections ADD COLUMN energy REAL    NOT NULL DEFAULT 0;
ALTER TABLE sections ADD COLUMN vocal  REAL;

CREATE TABLE details (
    track            INTEGER PRIMARY KEY REFERENCES tracks (row) ON DELETE CASCADE,
    per_bar          INTEGER,
    beats_confidence REAL,
    beats            BLOB,
    downbeats        BLOB,
    energy_hz        REAL NOT NULL,
    energy           BLOB NOT NULL,
    onsets_hz        REAL NOT NULL,
    onsets           BLOB NOT NULL,
    peaks_hz         REAL NOT NULL,
    peaks            BLOB NOT NULL,
    peaks_fine_hz    REAL NOT NULL,
    peaks_fine       BLOB NOT NULL
) STRICT;

CREATE TABLE fingerprints (
    track       INTEGER PRIMARY KEY REFERENCES tracks (row) ON DELETE CASCADE,
    fingerprint BLOB NOT NULL
) STRICT;

CREATE TABLE recordings (
    track     INTEGER PRIMARY KEY REFERENCES tracks (row) ON DELETE CASCADE,
    recording INTEGER NOT NULL
) STRICT;
CREATE INDEX recordings_recording ON recordings (recording);
