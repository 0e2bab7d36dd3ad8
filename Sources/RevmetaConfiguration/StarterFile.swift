/// The commented `revmeta.yaml` that `revmeta init` writes.
public enum StarterFile {
    /// Valid as it stands, once the environment has `SHOP_PASSWORD`.
    public static let text = ##"""
        # yaml-language-server: $schema=revmeta.schema.json
        #
        # What revmeta writes back into which databases. Check it with: revmeta check
        # ${NAME} takes a value from the environment, ${file:PATH} from a file; $${ writes ${ itself.

        # Where the truth is: a folder of the catalog's saved answers. Relative paths begin at this file's folder.
        catalog:
          folder: catalog
        # Or a running OpenMetadata or Collate, with the token of a bot:
        #   hostPort: https://collate.example.com/api
        #   securityConfig: { jwtToken: "${OPENMETADATA_TOKEN}" }

        # The databases to write to, each under its service's name in the catalog.
        services:
          shop:
            type: Postgres                      # OpenMetadata's service type, which picks the plugin
            # plugin: org.example.postgres      # only where several plugins serve that type
            connection:                         # the plugin's settings: revmeta plugins show ID
              hostPort: localhost:5432
              username: metadata_writer
              authType:
                password: "${SHOP_PASSWORD}"
              database: shop
            # owners: { map: { jane.doe: shop_owner } }   # goes before the map below

        # Who the catalog's owners are at the sources. Without an entry, an owner is skipped and the run says so.
        owners:
          map:
            jane.doe: app_owner
            "team:finance": finance_role
            # "team:*": "$1_role"                # patterns come after names; $1 is what the * stands for

        # The record of what was written and over what; rollback and removals need it.
        journal:
          path: .revmeta/journal.sqlite

        # When 'revmeta serve' runs the channels that have no schedule of their own.
        # schedule: "30 2 * * MON-FRI"           # five fields as cron has them, or @hourly, @daily, @weekly
        # timeZone: Europe/Berlin                # UTC without it
        # serve: { listen: "127.0.0.1:8484", token: "${REVMETA_TOKEN}" }

        # What to write. The first channel in the file decides where several select the same fact.
        channels:
          - name: everything
            filter:                             # leave a list out to select everything at its level
              services: [shop]
              # databases: [shop]
              schemas: [public, "sales_*"]      # names, globs, or regular expressions: "/^sales_[0-9]+$/"
              # tables: ["/^orders/i"]
              # kinds: [table, column]          # database, schema, table, column, procedure
              # tableTypes: [Regular, View]
              # tags: "PII.*"                   # also owners, domains, tiers, properties: { costCenter: CC-100 }
              # any: [{ tier: Tier1 }, { not: { owner: jane.doe } }]   # any, all and not nest at will
              exclude:
                tables: ["/^tmp_/"]
            updateDescriptions: true            # the three switches are off unless set
            updateOwners: true
            updateTags: false
            onConflict: overwrite               # changed by somebody else: overwrite, keep or fail
            removals: apply                     # gone from the catalog: apply or ignore
            onTooLong: fail                     # longer than the source allows: fail or truncate
            onUnrepresentable: fail             # characters the source would mangle: fail or replace
            # columnsMatchOwnTags: true         # a column is selected by its own tags, not with its table
            # descriptionFormat: plain          # the catalog's Markdown as text
            # onUnmappedOwner: fail             # owners.map knows none of the owners: skip or fail
            # expandTeams: true                 # a team that is not mapped stands for its members
            # tagSources: [classification, glossary, tier]   # also certification, domain, property
            # onAmbiguousTag: join              # several values for one tag: fail, join or first
            # tagMap: [{ tag: "PII.*", key: data_class }, { tag: "Internal.*", drop: true }]
            # sinkService: shop                 # write to this service instead of the entities' own

        """##
}
