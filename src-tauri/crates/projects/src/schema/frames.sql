-- Ranges in frames beside the seconds. Where a clip was last opened by an older version they are NULL
-- until it is opened again, because only its file tells the rate.
ALTER TABLE clips ADD COLUMN rate_num INTEGER;
ALTER TABLE clips ADD COLUMN rate_den INTEGER;
ALTER TABLE clips ADD COLUMN range_in_frame INTEGER;
ALTER TABLE clips ADD COLUMN range_out_frame INTEGER;

-- A pick keeps the rate that its range was counted with, also when the clip is exported again at
-- another one.
ALTER TABLE picks ADD COLUMN rate_num INTEGER;
ALTER TABLE picks ADD COLUMN rate_den INTEGER;
ALTER TABLE picks ADD COLUMN range_in_frame INTEGER;
ALTER TABLE picks ADD COLUMN range_out_frame INTEGER;
