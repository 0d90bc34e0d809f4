// Database clients: the statements they are given are read.
#include "test/unit/commands/effects_of.hpp"

using cmdai::test::check_effects;

TEST_CASE("SQL on the line, by option, by pipe, by here-document") {
  check_effects({
      {"psql -c 'DROP DATABASE x'", "sql.drop-database{DROP DATABASE X}"},
      {"psql -d db -c 'drop table t'", "sql.drop-table{DROP TABLE T}"},
      {"psql --command='drop table t'", "sql.drop-table{DROP TABLE T}"},
      {"psql --comm 'drop table t'", "sql.drop-table{DROP TABLE T}"},
      {"psql -qtAc 'truncate t'", "sql.truncate{TRUNCATE T}"},
      {"psql -c 'delete from t'", "sql.delete-all{DELETE FROM T}"},
      {"psql -c 'delete from t where id = 1'", ""},
      {"psql -c DROP TABLE users", "sql.drop-table{DROP TABLE USERS}"},
      {"mysql -e DROP DATABASE x", "sql.drop-database{DROP DATABASE X}"},
      {"mysql db -e DROP TABLE t", "sql.drop-table{DROP TABLE T}"},
      {"mysql -e SELECT x", ""},
      {"mysql -e 'SHOW TABLES' drop", ""},
      {"psql -c 'update t set a = 1'", "sql.update-all{UPDATE T SET A}"},
      {"psql -c 'update t set a = 1 where b = 2'", ""},
      {"psql -c \"select 'drop table t'\"", ""},
      {"psql -c 'select 1 -- drop table t'", ""},
      {"psql -c '\\! rm f'", "fs.delete{f}"},
      {"echo 'DROP TABLE t;' | psql db", "sql.drop-table{DROP TABLE T}"},
      {"psql db <<E\ndrop table t;\nE", "sql.drop-table{DROP TABLE T}"},
      {"psql <<< 'drop schema s'", "sql.drop-database{DROP SCHEMA S}"},
      {"mysql -uroot -psecret -e 'drop database x'", "sql.drop-database{DROP DATABASE X}"},
      {"mysql --execute='drop database x'", "sql.drop-database{DROP DATABASE X}"},
      {"mysqladmin -f drop x", "sql.drop-database{drop}"},
      {"dropdb x", "sql.drop-database{x}"},
      {"dropdb -f x", "sql.drop-database{x}"},
      {"dropdb -h h --if-exists x", "sql.drop-database{x}"},
      {"sqlite3 x.db 'drop table t'", "sql.drop-table{DROP TABLE T}"},
      {"sqlite3 x.db .tables", ""},
      {"sqlite3 x.db '.shell rm f'", "fs.delete{f}"},
      {"grep 'DROP TABLE' x.sql", ""},
      {"echo 'DROP TABLE t' > x.sql", "fs.overwrite{x.sql}"},
  });
}

TEST_CASE("lines clients hand to a shell") {
  check_effects({
      {"psql -c \"COPY t FROM PROGRAM 'rm f'\"", "fs.delete{f}"},
      {"psql -c \"copy (select 1) to program 'rm f'\"", "fs.delete{f}"},
      {"psql -c \"\\copy t from program 'rm f'\"", "fs.delete{f}"},
      {"psql -c \"COPY t FROM '/tmp/x.csv'\"", ""},
      {"psql -c \"select 'from program'\"", ""},
      {"echo '\\! rm f' | psql db", "fs.delete{f}"},
      {"mysql -e '\\! rm f'", "fs.delete{f}"},
      {"mysql -e 'select 1; system rm f'", "fs.delete{f}"},
      {"echo 'system rm f' | mysql", "fs.delete{f}"},
      {"mysql -e 'select system from t'", ""},
      {"sqlite3 x.db <<< '.system rm f'", "fs.delete{f}"},
      {"sqlite3 -cmd '.shell rm f' x.db", "fs.delete{f}"},
      {"duckdb -c '.shell rm f'", "fs.delete{f}"},
      {"sqlite3 x.db '.once |rm f'", "fs.delete{f}"},
      {"sqlite3 x.db '.output out.csv'", ""},
  });
}

TEST_CASE("other stores and frameworks") {
  check_effects({
      {"mongosh --eval 'db.dropDatabase()'", "sql.drop-database"},
      {"mongosh db --eval 'db.c.drop()'", "sql.drop-table"},
      {"mongosh --eval 'db.c.find()'", ""},
      {"redis-cli flushall", "db.flush{FLUSHALL}"},
      {"redis-cli -h h -n 1 FLUSHDB", "db.flush{FLUSHDB}"},
      {"redis-cli get flushall", ""},
      {"rails db:drop", "sql.drop-database{db:drop}"},
      {"rake db:reset", "sql.drop-database{db:reset}"},
      {"rails db:migrate", ""},
      {"python manage.py migrate app zero", "sql.drop-database exec.file{manage.py}"},
      {"wrangler d1 execute db --command 'DROP TABLE users'", "sql.drop-table{DROP TABLE USERS}"},
      {"turso db destroy x", "cloud.delete{turso db destroy}"},
      {"make db-reset", "sql.drop{db-reset}"},  // no makefile to be read
      {"npm run db:drop", "sql.drop{db:drop}"},
      {"uv run tool init-db --force", "sql.drop{init-db}"},
      {"tool init-db", ""},
      {"just dropDatabase", "sql.drop{dropDatabase}"},
      {"npm run reset-db-password", ""},
      {"task db-status", ""},
      {"php artisan migrate:fresh", "sql.drop-database{migrate:fresh} exec.file{artisan}"},
      {"python manage.py flush", "sql.drop-database{flush} exec.file{manage.py}"},
      {"npx prisma migrate reset", "sql.drop-database"},
  });
}
