import RevmetaPlugin
import Testing

/// Every template that Collate's documentation prints works as printed, in its source's dialect.
@Suite struct PrintedTemplateTests {
    @Test(arguments: printed)
    func worksAsPrinted(_ template: Printed) throws {
        #expect(try format(template.text, template.dialect, template.values) == template.statements)
    }

    struct Printed: Sendable, CustomTestStringConvertible {
        var dialect: Dialect
        var text: String
        var values: [String: VariableValue] = ["description": .text("It's all")]
        var statements: [String]
        var testDescription: String { "\(dialect.name): \(text.prefix(40))" }
    }

    static let printed: [Printed] = [
        Printed(
            dialect: Dialects.snowflake, text: #"ALTER DATABASE "{database}" SET COMMENT = {description};"#,
            statements: [#"ALTER DATABASE "shop" SET COMMENT = 'It''s all'"#]),
        Printed(
            dialect: Dialects.snowflake,
            text: "ALTER SCHEMA {database}.{schema} SET TAG {database}.{schema}.{tag_key} = '{tag_value}';",
            values: ["tag_value": .text("it's")],
            statements: [#"ALTER SCHEMA "shop"."sales" SET TAG "shop"."sales"."PII" = 'it''s'"#]),
        Printed(
            dialect: Dialects.postgres, text: "ALTER DATABASE {database} OWNER TO {owner};",
            values: ["owner": .name(#"an"n"#)], statements: [#"ALTER DATABASE "shop" OWNER TO "an""n""#]),
        Printed(
            dialect: Dialects.mysql, text: "ALTER TABLE {schema}.{table} COMMENT = {description};",
            statements: ["ALTER TABLE `sales`.`orders` COMMENT = 'It''s all'"]),
        Printed(
            dialect: Dialects.sqlServer, text: sqlServer,
            statements: [
                """
                IF EXISTS (SELECT 1 FROM [shop].sys.extended_properties
                           WHERE name = N'MS_Description' AND major_id = SCHEMA_ID(N'sales') AND minor_id = 0)
                    EXEC [shop].[sales].sp_updateextendedproperty @name=N'MS_Description', @value=N'It''s all',
                        @level0type=N'SCHEMA', @level0name=N'sales'
                ELSE
                    EXEC [shop].[sales].sp_addextendedproperty @name=N'MS_Description', @value=N'It''s all',
                        @level0type=N'SCHEMA', @level0name=N'sales'
                """
            ]),
        Printed(
            dialect: Dialects.oracle, text: "COMMENT ON COLUMN {schema}.{table}.{column} IS {description}",
            statements: [#"COMMENT ON COLUMN "sales"."orders"."total" IS 'It''s all'"#]),
        Printed(
            dialect: Dialects.redshift,
            text: "COMMENT ON COLUMN {database}.{schema}.{table}.{column} IS {description};",
            statements: [#"COMMENT ON COLUMN "shop"."sales"."orders"."total" IS 'It''s all'"#]),
        Printed(
            dialect: Dialects.bigquery,
            text: "ALTER TABLE `{database}.{schema}.{table}` SET OPTIONS (labels = {tags});",
            statements: [
                "ALTER TABLE `shop.sales.orders` SET OPTIONS (labels = [('PII', 'Sensitive'), ('env', 'prod')])"
            ]),
        Printed(
            dialect: Dialects.bigquery, text: "ALTER SCHEMA `{database}.{schema}` SET OPTIONS (labels = {tags});",
            values: ["tags": .pairs([])], statements: ["ALTER SCHEMA `shop.sales` SET OPTIONS (labels = [])"]),
        Printed(
            dialect: Dialects.databricks,
            text: "ALTER TABLE `{database}`.`{schema}`.`{table}` OWNER TO `{owner}@gmail.com`;",
            statements: ["ALTER TABLE `shop`.`sales`.`orders` OWNER TO `ann@gmail.com`"]),
        Printed(
            dialect: Dialects.databricks, text: "ALTER TABLE {database}.{schema}.{table} SET TAGS {tags};",
            statements: ["ALTER TABLE `shop`.`sales`.`orders` SET TAGS ('PII' = 'Sensitive', 'env' = 'prod')"]),
        Printed(
            dialect: Dialects.clickhouse,
            text: "ALTER TABLE `{schema}`.{table} MODIFY COLUMN {column} COMMENT {description};",
            statements: ["ALTER TABLE `sales`.`orders` MODIFY COLUMN `total` COMMENT 'It''s all'"]),
        Printed(
            dialect: Dialects.athena,
            text: "ALTER TABLE {schema}.{table} SET TBLPROPERTIES ('comment' = {description});",
            statements: [#"ALTER TABLE `sales`.`orders` SET TBLPROPERTIES ('comment' = 'It\'s all')"#]),
        Printed(
            dialect: Dialects.trino, text: #"COMMENT ON TABLE "{database}"."{schema}"."{table}" IS {description}"#,
            statements: [#"COMMENT ON TABLE "shop"."sales"."orders" IS 'It''s all'"#]),
        // An older page has this name for the database, and quotes of its own.
        Printed(
            dialect: Dialects.trino, text: #"COMMENT ON TABLE "{catalog}"."{schema}"."{table}" IS '{description}'"#,
            statements: [#"COMMENT ON TABLE "shop"."sales"."orders" IS 'It''s all'"#]),
    ]

    /// The documentation prints it in one line and in full; its pieces are these.
    private static let sqlServer = """
        IF EXISTS (SELECT 1 FROM {database}.sys.extended_properties
                   WHERE name = N'MS_Description' AND major_id = SCHEMA_ID(N'{schema}') AND minor_id = 0)
            EXEC {database}.{schema}.sp_updateextendedproperty @name=N'MS_Description', @value=N{description},
                @level0type=N'SCHEMA', @level0name=N'{schema}'
        ELSE
            EXEC {database}.{schema}.sp_addextendedproperty @name=N'MS_Description', @value=N{description},
                @level0type=N'SCHEMA', @level0name=N'{schema}';
        """
}
