-- What the README's sample finds at the source.
CREATE ROLE app_owner;
CREATE ROLE metadata_writer LOGIN IN ROLE app_owner;
CREATE DATABASE shop OWNER app_owner;
\connect shop
GRANT CREATE ON SCHEMA public TO app_owner;
CREATE TABLE orders (order_id bigint PRIMARY KEY, status text NOT NULL);
CREATE VIEW open_orders AS SELECT * FROM orders WHERE status NOT IN ('done', 'cancelled');
ALTER TABLE orders OWNER TO metadata_writer;
ALTER VIEW open_orders OWNER TO app_owner;
COMMENT ON COLUMN orders.order_id IS 'The number on the confirmation mail.';
COMMENT ON COLUMN orders.status IS 'placed, paid, sent. Ask Bob.';
