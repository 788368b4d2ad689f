-- One shard: the rows of its tenants, and the guard of its buckets. Run once per database, as superuser, in one transaction.
-- The owner owns and nobody logs in as it; with forced row-level security and no policy of its own it sees no row either.

create schema shop authorization shop_owner;
grant usage on schema shop to shop_app, shop_report, shop_mover;
set local role shop_owner;

-- incoming: being copied here; open; fenced: being copied away; moved: gone.
create table shop.bucket_guard (
    bucket int primary key,
    epoch int not null,
    state text not null check (state in ('incoming', 'open', 'fenced', 'moved'))
);

create table shop.tenant (
    tenant_id bigint primary key,
    bucket int not null,
    name text not null,
    plan text not null,
    cancelled timestamptz
);

create index tenant_by_bucket on shop.tenant (bucket);

create table shop.account (
    tenant_id bigint not null references shop.tenant,
    account_id bigint not null,
    email text not null,
    name text not null,
    created timestamptz not null,
    primary key (tenant_id, account_id)
);

create table shop.product (
    tenant_id bigint not null references shop.tenant,
    product_id bigint not null,
    name text not null,
    price_cents bigint not null check (price_cents >= 0),
    currency text not null,
    stock int not null check (stock >= 0),
    primary key (tenant_id, product_id)
);

create table shop.cart_item (
    tenant_id bigint not null,
    account_id bigint not null,
    product_id bigint not null,
    quantity int not null check (quantity > 0),
    primary key (tenant_id, account_id, product_id),
    foreign key (tenant_id, account_id) references shop.account,
    foreign key (tenant_id, product_id) references shop.product
);

create table shop.orders (
    tenant_id bigint not null,
    order_id bigint not null,
    account_id bigint not null,
    placed_at timestamptz not null,
    total_cents bigint not null check (total_cents >= 0),
    idempotency_key text not null,
    primary key (tenant_id, order_id),
    unique (tenant_id, idempotency_key),
    foreign key (tenant_id, account_id) references shop.account
);

create index orders_by_account on shop.orders (tenant_id, account_id, order_id);

create table shop.order_line (
    tenant_id bigint not null,
    order_id bigint not null,
    product_id bigint not null,
    quantity int not null check (quantity > 0),
    price_cents bigint not null check (price_cents >= 0),
    primary key (tenant_id, order_id, product_id),
    foreign key (tenant_id, order_id) references shop.orders,
    foreign key (tenant_id, product_id) references shop.product
);

-- Row-level security. shop_app: the rows of the tenant it has entered as; never entered is null and matches nothing.
-- shop_report: all rows of buckets that are open here, so that a bucket on its way is not counted on both shards.
do $$
declare
    name text;
    own constant text := 'tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::bigint';
begin
    foreach name in array array['tenant', 'account', 'product', 'cart_item', 'orders', 'order_line'] loop
        execute format('alter table shop.%I enable row level security', name);
        execute format('alter table shop.%I force row level security', name);
        execute format('create policy own_rows on shop.%I to shop_app using (%s) with check (%2$s)', name, own);
        if name <> 'tenant' then
            execute format(
                'create policy open_rows on shop.%I for select to shop_report using (tenant_id in (select t.tenant_id from shop.tenant t))',
                name);
        end if;
    end loop;
end
$$;

create policy open_rows on shop.tenant for select to shop_report
    using (bucket in (select g.bucket from shop.bucket_guard g where g.state = 'open'));

-- A tenant row that names another bucket than the one entered would be left behind by a move.
create policy own_bucket on shop.tenant as restrictive for insert to shop_app
    with check (bucket = nullif(current_setting('app.bucket', true), '')::int);

grant select, insert, update, delete on shop.account, shop.product, shop.cart_item, shop.orders, shop.order_line to shop_app;
grant select, insert, update (name, plan, cancelled) on shop.tenant to shop_app;
grant select on all tables in schema shop to shop_report;
grant select, insert, update, delete on all tables in schema shop to shop_mover; -- bypasses row-level security

-- Locks of buckets are the pairs (7219, bucket); 7219 is only a number nobody else uses.
-- lock_timeout bounds the wait; a move takes the lock exclusively only until the last who entered has ended.
create function shop.wait_for_bucket(bucket int) returns void
    language plpgsql volatile set lock_timeout = '50ms' as $$
begin
    perform pg_catalog.pg_advisory_xact_lock_shared(7219, bucket);
exception when lock_not_available then
    raise exception 'bucket % is fenced', bucket using errcode = 'KP002';
end
$$;

-- Enters a bucket as a tenant, for this transaction: first the lock, then the guard under a snapshot taken after the lock (each statement
-- of a volatile function takes its own), so that whoever has entered is either seen by the fence or sees it.
create function shop.enter(tenant bigint, bucket int, epoch int) returns void
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    guard record;
begin
    if not pg_try_advisory_xact_lock_shared(7219, enter.bucket) then
        perform shop.wait_for_bucket(enter.bucket);
    end if;
    select g.epoch, g.state into guard from shop.bucket_guard g where g.bucket = enter.bucket;
    if guard.epoch is distinct from enter.epoch or guard.state in ('incoming', 'moved') then
        raise exception 'bucket % is not here under epoch %', enter.bucket, enter.epoch using errcode = 'KP001';
    end if;
    if guard.state = 'fenced' then
        raise exception 'bucket % is fenced', enter.bucket using errcode = 'KP002';
    end if;
    perform set_config('app.tenant_id', enter.tenant::text, true), set_config('app.bucket', enter.bucket::text, true);
end
$$;

-- Moving. What a move asks of a shard, each one transaction; the source's epoch is e, the target's e + 1.

-- Ends nothing, but refuses new entries and waits for all who have entered; who comes meanwhile is turned away after 50 ms.
-- Rolls back, and the bucket stays open, when somebody is in it for longer than 2 s.
create function shop.fence(bucket int, epoch int) returns void
    language plpgsql volatile set lock_timeout = '2s' as $$
begin
    perform pg_catalog.pg_advisory_xact_lock(7219, fence.bucket);
    update shop.bucket_guard g set state = 'fenced' where g.bucket = fence.bucket and g.epoch = fence.epoch and g.state = 'open';
    if not found then
        raise exception 'bucket % is not open under epoch %', fence.bucket, fence.epoch using errcode = 'KP001';
    end if;
end
$$;

-- Opens what was fenced (on the source, when a move is undone) or incoming (on the target). Can be repeated.
create function shop.open_bucket(bucket int, epoch int) returns void
    language plpgsql volatile as $$
begin
    update shop.bucket_guard g set state = 'open'
        where g.bucket = open_bucket.bucket and g.epoch = open_bucket.epoch and g.state <> 'moved';
    if not found then
        raise exception 'bucket % is not here under epoch %', open_bucket.bucket, open_bucket.epoch using errcode = 'KP001';
    end if;
end
$$;

-- Foreign keys are not followed one by one: all rows of the bucket's tenants go, in one transaction.
create function shop.delete_rows(bucket int) returns void
    language plpgsql volatile as $$
declare
    gone constant bigint[] := array(select t.tenant_id from shop.tenant t where t.bucket = delete_rows.bucket);
begin
    perform pg_catalog.set_config('session_replication_role', 'replica', true);
    delete from shop.order_line where tenant_id = any (gone);
    delete from shop.orders where tenant_id = any (gone);
    delete from shop.cart_item where tenant_id = any (gone);
    delete from shop.product where tenant_id = any (gone);
    delete from shop.account where tenant_id = any (gone);
    delete from shop.tenant where tenant_id = any (gone);
end
$$;

-- Makes room on the target: the bucket is incoming, and nothing of it is left from before.
create function shop.expect_bucket(bucket int, epoch int) returns void
    language plpgsql volatile as $$
begin
    insert into shop.bucket_guard as g (bucket, epoch, state) values (expect_bucket.bucket, expect_bucket.epoch, 'incoming')
        on conflict on constraint bucket_guard_pkey do update set epoch = excluded.epoch, state = excluded.state
        where g.state in ('moved', 'incoming');
    if not found then
        raise exception 'bucket % lives here', expect_bucket.bucket using errcode = 'KP001';
    end if;
    perform shop.delete_rows(expect_bucket.bucket);
end
$$;

-- Removes the bucket of this epoch; does nothing when the guard has another. Who still comes for it is told that it has moved.
create function shop.drop_bucket(bucket int, epoch int) returns void
    language plpgsql volatile as $$
begin
    update shop.bucket_guard g set state = 'moved' where g.bucket = drop_bucket.bucket and g.epoch = drop_bucket.epoch;
    if found then
        perform shop.delete_rows(drop_bucket.bucket);
    end if;
end
$$;

revoke execute on all functions in schema shop from public;
grant execute on function shop.enter to shop_app;
grant execute on function shop.fence, shop.open_bucket, shop.expect_bucket, shop.drop_bucket, shop.delete_rows to shop_mover;
