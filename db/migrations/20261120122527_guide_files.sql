ALTER TABLE "guides" DROP COLUMN "file_name";
ALTER TABLE "guides" DROP COLUMN "stored_as";
ALTER TABLE "guides" DROP COLUMN "bytes";