ALTER TABLE tracks ADD COLUMN intensity REAL;
UPDATE tracks SET intensity = energy;
