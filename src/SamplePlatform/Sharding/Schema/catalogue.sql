-- The catalogue: who the tenants are, which shard holds which bucket, and what has been moved. Run once per database, as superuser,
-- in one transaction. No table here holds a tenant's rows, so row-level security begins on the shards.

create schema catalogue authorization shop_owner;
grant usage on schema catalogue to shop_app, shop_report, shop_mover;
set local role shop_owner;

create sequence catalogue.tenant_number;

create table catalogue.tenant (
    tenant_id bigint primary key,
    name text not null,
    plan text not null,
    created timestamptz not null,
    cancelled timestamptz
);

create table catalogue.shard (
    shard_id int primary key,
    name text not null unique
);

create table catalogue.bucket (
    bucket int primary key,
    shard_id int not null references catalogue.shard,
    epoch int not null check (epoch > 0)
);

-- The journal of moves. A bucket has at most one move that has not ended.
create table catalogue.bucket_move (
    move_id bigint generated always as identity primary key,
    bucket int not null references catalogue.bucket,
    source_id int not null references catalogue.shard,
    target_id int not null references catalogue.shard,
    epoch int not null,            -- of the source; the target opens under the next
    state text not null check (state in ('begun', 'committed', 'aborting', 'done', 'aborted')),
    begun timestamptz not null default now(),
    ended timestamptz
);

create unique index bucket_move_open on catalogue.bucket_move (bucket) where ended is null;

grant usage on sequence catalogue.tenant_number to shop_app;
grant select, insert on catalogue.tenant to shop_app;
grant update (plan, cancelled) on catalogue.tenant to shop_app;
grant select on catalogue.tenant to shop_report;
grant select on catalogue.shard, catalogue.bucket to shop_app, shop_report;
grant select, insert, update on catalogue.shard, catalogue.bucket, catalogue.bucket_move to shop_mover;
