-- The database of a small company that sells coffee equipment. Run by a superuser in a throw-away cluster.
\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = warning;

-- Roles. metadata_writer is all that revmeta logs in as: no superuser, and no rights of its own. It may comment because
-- it is a member of the owning roles, and may hand objects over because it is a member of the receiving ones.
CREATE ROLE app_owner;
CREATE ROLE finance_role;
CREATE ROLE metadata_writer LOGIN;
GRANT app_owner, finance_role TO metadata_writer;

CREATE DATABASE shop OWNER app_owner;
\connect shop

CREATE EXTENSION file_fdw;
CREATE SERVER central_bank FOREIGN DATA WRAPPER file_fdw;

SET ROLE app_owner;
CREATE SCHEMA sales_eu;
CREATE SCHEMA sales_us;
CREATE SCHEMA finance;
CREATE SCHEMA inventory;
CREATE SCHEMA "HR Data";
-- A new owner must be allowed to create in the schema of what it receives.
GRANT USAGE, CREATE ON SCHEMA finance TO finance_role;

-- public: the shop itself

CREATE TABLE public.customers (
    customer_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email text NOT NULL UNIQUE,
    full_name text NOT NULL,
    phone text,
    date_of_birth date,
    locale text NOT NULL DEFAULT 'de-DE',
    newsletter boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz
);
CREATE TABLE public.customer_addresses (
    address_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES public.customers,
    kind text NOT NULL CHECK (kind IN ('shipping', 'billing')),
    street text NOT NULL,
    postal_code text NOT NULL,
    city text NOT NULL,
    country_code char(2) NOT NULL
);
CREATE TABLE public.product_categories (
    category_id int PRIMARY KEY,
    parent_id int REFERENCES public.product_categories,
    name text NOT NULL,
    slug text NOT NULL UNIQUE
);
CREATE TABLE public.products (
    product_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sku text NOT NULL UNIQUE,
    category_id int REFERENCES public.product_categories,
    name text NOT NULL,
    description text,
    weight_g int,
    legacy_sku text,
    discontinued boolean NOT NULL DEFAULT false
);
CREATE TABLE public.product_prices (
    product_id bigint NOT NULL REFERENCES public.products,
    currency char(3) NOT NULL,
    valid_from date NOT NULL,
    "net.amount" numeric(12, 2) NOT NULL,
    vat_included boolean NOT NULL DEFAULT false,
    PRIMARY KEY (product_id, currency, valid_from)
);
CREATE TABLE public.coupons (
    code text PRIMARY KEY,
    percent_off numeric(4, 1),
    amount_off numeric(12, 2),
    expires_at timestamptz,
    max_uses int
);
CREATE TABLE public.carts (
    cart_id uuid PRIMARY KEY,
    customer_id bigint REFERENCES public.customers,
    coupon_code text REFERENCES public.coupons,
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE public.orders (
    order_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES public.customers,
    cart_id uuid REFERENCES public.carts,
    status text NOT NULL DEFAULT 'placed',
    currency char(3) NOT NULL,
    total numeric(12, 2) NOT NULL,
    placed_at timestamptz NOT NULL DEFAULT now(),
    shipping_address_id bigint REFERENCES public.customer_addresses,
    gift_note text
);
CREATE TABLE public.order_items (
    order_id bigint NOT NULL REFERENCES public.orders,
    line_no int NOT NULL,
    product_id bigint NOT NULL REFERENCES public.products,
    quantity int NOT NULL CHECK (quantity > 0),
    unit_price numeric(12, 2) NOT NULL,
    discount numeric(12, 2) NOT NULL DEFAULT 0,
    PRIMARY KEY (order_id, line_no)
);
CREATE TABLE public.payments (
    payment_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id bigint NOT NULL REFERENCES public.orders,
    method text NOT NULL,
    amount numeric(12, 2) NOT NULL,
    provider_reference text,
    iban text,
    paid_at timestamptz
);
CREATE TABLE public.shipments (
    shipment_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id bigint NOT NULL REFERENCES public.orders,
    carrier text NOT NULL,
    tracking_code text,
    shipped_at timestamptz,
    delivered_at timestamptz
);
CREATE TABLE public.returns (
    return_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id bigint NOT NULL,
    line_no int NOT NULL,
    reason_code text NOT NULL,
    refunded numeric(12, 2),
    received_at timestamptz
);
CREATE TABLE public.reviews (
    review_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    product_id bigint NOT NULL REFERENCES public.products,
    customer_id bigint NOT NULL REFERENCES public.customers,
    stars smallint NOT NULL CHECK (stars BETWEEN 1 AND 5),
    body text,
    published boolean NOT NULL DEFAULT false
);
CREATE TABLE public."Wish List" (
    "Customer Id" bigint NOT NULL,
    "Product Id" bigint NOT NULL,
    "Added At" timestamptz NOT NULL DEFAULT now(),
    "Price > Limit" boolean,
    PRIMARY KEY ("Customer Id", "Product Id")
);
CREATE TABLE public.web_events (
    event_id bigint NOT NULL,
    occurred_at timestamptz NOT NULL,
    visitor_id uuid,
    event_name text NOT NULL,
    ip_address inet,
    properties jsonb NOT NULL DEFAULT '{}'
) PARTITION BY RANGE (occurred_at);
CREATE TABLE public.web_events_2025_q1 PARTITION OF public.web_events FOR VALUES FROM ('2025-01-01') TO ('2025-04-01');
CREATE TABLE public.web_events_2025_q2 PARTITION OF public.web_events FOR VALUES FROM ('2025-04-01') TO ('2025-07-01');
CREATE TABLE public.web_events_rest PARTITION OF public.web_events DEFAULT;
CREATE TABLE public.tmp_import_2025_03 (line text);

CREATE VIEW public.active_customers AS
    SELECT customer_id, email, full_name, locale FROM public.customers WHERE deleted_at IS NULL;
CREATE VIEW public.order_overview AS
    SELECT o.order_id, c.full_name AS customer, o.status, o.total, o.currency, max(s.shipped_at) AS last_shipment
    FROM public.orders o JOIN public.customers c USING (customer_id) LEFT JOIN public.shipments s USING (order_id)
    GROUP BY o.order_id, c.full_name;
CREATE MATERIALIZED VIEW public.product_search AS
    SELECT product_id, sku, name, to_tsvector('simple', name || ' ' || coalesce(description, '')) AS document
    FROM public.products WHERE NOT discontinued;

CREATE FUNCTION public.order_total(wanted_order bigint) RETURNS numeric LANGUAGE sql STABLE
    AS 'SELECT sum(quantity * unit_price - discount) FROM public.order_items WHERE order_id = wanted_order';
CREATE FUNCTION public.order_total(wanted_order bigint, rate numeric) RETURNS numeric LANGUAGE sql STABLE
    AS 'SELECT round(public.order_total(wanted_order) * rate, 2)';
CREATE FUNCTION public.normalise_phone(phone text) RETURNS text LANGUAGE sql IMMUTABLE
    AS $$SELECT regexp_replace(regexp_replace(phone, '^00', '+'), '[^0-9+]', '', 'g')$$;
CREATE PROCEDURE public.close_abandoned_carts(idle interval) LANGUAGE sql
    AS 'DELETE FROM public.carts WHERE updated_at < now() - idle';

-- sales_eu and sales_us: the same questions, asked on two continents

CREATE TABLE sales_eu.orders_daily (
    day date, country_code char(2), orders int, revenue_eur numeric(14, 2), PRIMARY KEY (day, country_code)
);
CREATE TABLE sales_eu.vat_rates (
    country_code char(2), valid_from date, standard_rate numeric(4, 1), reduced_rate numeric(4, 1),
    PRIMARY KEY (country_code, valid_from)
);
CREATE TABLE sales_eu.sellers (seller_id int PRIMARY KEY, name text NOT NULL, vat_id text, commission numeric(4, 1));
CREATE TABLE sales_eu.campaign_costs (campaign text, day date, channel text, cost_eur numeric(12, 2), clicks int);
CREATE VIEW sales_eu."Umsatz nach Land" AS
    SELECT country_code AS "Land", sum(revenue_eur) AS "Umsatz (€)" FROM sales_eu.orders_daily GROUP BY country_code;

CREATE TABLE sales_us.orders_daily (
    day date, state char(2), orders int, revenue_usd numeric(14, 2), PRIMARY KEY (day, state)
);
CREATE TABLE sales_us.sales_tax_rates (
    state char(2), county text, valid_from date, rate numeric(5, 3), PRIMARY KEY (state, county, valid_from)
);
CREATE TABLE sales_us.sellers (seller_id int PRIMARY KEY, name text NOT NULL, ein text, commission numeric(4, 1));
CREATE TABLE sales_us.campaign_costs (campaign text, day date, channel text, cost_usd numeric(12, 2), clicks int);
CREATE VIEW sales_us.revenue_by_state AS
    SELECT state, sum(revenue_usd) AS revenue_usd FROM sales_us.orders_daily GROUP BY state;

-- inventory: what lies where

CREATE TABLE inventory.warehouses (warehouse_id int PRIMARY KEY, name text NOT NULL, city text, country_code char(2));
CREATE TABLE inventory.suppliers (
    supplier_id int PRIMARY KEY, name text NOT NULL, contact_email text, lead_time_days int
);
CREATE TABLE inventory.stock_levels (
    warehouse_id int, product_id bigint, on_hand int, reserved int, counted_at timestamptz,
    PRIMARY KEY (warehouse_id, product_id)
);
CREATE TABLE inventory.stock_movements (
    movement_id bigint PRIMARY KEY, warehouse_id int, product_id bigint, delta int, cause text, moved_at timestamptz
);
CREATE TABLE inventory.purchase_orders (
    purchase_order_id bigint PRIMARY KEY, supplier_id int, product_id bigint, quantity int, expected_on date
);
CREATE VIEW inventory.low_stock AS
    SELECT warehouse_id, product_id, on_hand - reserved AS available FROM inventory.stock_levels
    WHERE on_hand - reserved < 5;

-- finance: everything still belongs to app_owner; the catalog knows better

CREATE TABLE finance.accounts (account_no text PRIMARY KEY, name text NOT NULL, account_type text, opened_on date);
CREATE TABLE finance.cost_centers (cost_center text PRIMARY KEY, name text NOT NULL, responsible text);
CREATE TABLE finance.invoices (
    invoice_no text PRIMARY KEY,
    order_id bigint,
    customer_id bigint,
    issued_on date NOT NULL,
    due_on date NOT NULL,
    gross numeric(14, 2) NOT NULL,
    paid boolean NOT NULL DEFAULT false
);
CREATE TABLE finance.invoice_lines (
    invoice_no text, line_no int, text text, net numeric(14, 2), vat_rate numeric(4, 1),
    PRIMARY KEY (invoice_no, line_no)
);
CREATE TABLE finance.ledger_entries (
    entry_id bigint NOT NULL,
    booked_on date NOT NULL,
    account_no text NOT NULL,
    cost_center text,
    debit numeric(14, 2),
    credit numeric(14, 2)
) PARTITION BY RANGE (booked_on);
CREATE TABLE finance.ledger_entries_2024 PARTITION OF finance.ledger_entries
    FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE finance.ledger_entries_2025 PARTITION OF finance.ledger_entries
    FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
-- Only a superuser may name a program. The rates stand in it, so that the demo needs no file that the server may read.
RESET ROLE;
CREATE FOREIGN TABLE finance.exchange_rates (currency char(3), day date, rate numeric(12, 6)) SERVER central_bank
    OPTIONS (program 'printf "USD,2025-03-31,1.081500\nGBP,2025-03-31,0.835360\n"', format 'csv');
ALTER FOREIGN TABLE finance.exchange_rates OWNER TO app_owner;
SET ROLE app_owner;
CREATE VIEW finance.open_invoices AS
    SELECT invoice_no, customer_id, due_on, gross FROM finance.invoices WHERE NOT paid;
CREATE MATERIALIZED VIEW finance.monthly_revenue AS
    SELECT date_trunc('month', issued_on)::date AS month, sum(gross) AS gross FROM finance.invoices GROUP BY 1;
CREATE FUNCTION finance.in_eur(amount numeric, from_currency char, on_day date) RETURNS numeric LANGUAGE sql STABLE
    AS 'SELECT amount / rate FROM finance.exchange_rates WHERE currency = from_currency AND day = on_day';
CREATE PROCEDURE finance.close_month(month date) LANGUAGE sql
    AS 'REFRESH MATERIALIZED VIEW finance.monthly_revenue';

-- HR Data: imported from a spreadsheet, and its names with it

CREATE TABLE "HR Data"."Employees" (
    "Employee No" int PRIMARY KEY,
    "Name" text NOT NULL,
    "E-Mail" text,
    "Salary" numeric(10, 2),
    "Manager" int REFERENCES "HR Data"."Employees",
    "Straße" text
);
CREATE TABLE "HR Data"."Job Titles" ("Title" text PRIMARY KEY, "Level" int);
CREATE TABLE "HR Data"."Absences" ("Employee No" int, "From" date, "To" date, "Reason" text);
CREATE VIEW "HR Data"."Salary ""bands""" AS
    SELECT width_bucket("Salary", 30000, 120000, 9) AS "Band", count(*) AS "Heads"
    FROM "HR Data"."Employees" GROUP BY 1;
CREATE FUNCTION "HR Data"."Full Name"(employee int) RETURNS text LANGUAGE sql STABLE
    AS 'SELECT "Name" FROM "HR Data"."Employees" WHERE "Employee No" = employee';

-- Comments from before anybody kept a catalog: it agrees with one, knows three better and says nothing of two

COMMENT ON TABLE public.coupons IS
    'Discount codes for the checkout. A code takes off a percentage or an amount, never both.';
COMMENT ON TABLE public.orders IS 'orders (see wiki)';
COMMENT ON COLUMN public.orders.status IS 'new, paid, sent';
COMMENT ON VIEW public.active_customers IS 'no deleted ones';
COMMENT ON COLUMN public.products.legacy_sku IS 'SKU of the old shop system, kept for the printed catalogues of 2016.';
COMMENT ON TABLE "HR Data"."Job Titles" IS 'Maintained by hand, ask Petra.';
