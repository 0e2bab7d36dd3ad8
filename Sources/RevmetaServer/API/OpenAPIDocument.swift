/// What the server can be asked, as OpenAPI has it: served as it stands here, and what the tests hold the server to.
enum OpenAPIDocument {
    static let text = #"""
        {
          "openapi": "3.1.0",
          "info": {
            "title": "revmeta serve",
            "version": "1",
            "license": {"name": "Apache 2.0", "identifier": "Apache-2.0"},
            "description": "What a running revmeta can be asked. Errors are told as RFC 9457 has it: \#
        application/problem+json with a sentence in detail."
          },
          "servers": [{"url": "/"}],
          "security": [{"token": []}],
          "paths": {
            "/healthz": {
              "get": {
                "operationId": "health",
                "summary": "Whether the process lives.",
                "security": [],
                "responses": {
                  "200": {
                    "description": "It does.",
                    "content": {
                      "application/json": {
                        "schema": {
                          "type": "object",
                          "properties": {"status": {"const": "ok"}},
                          "required": ["status"],
                          "additionalProperties": false
                        }
                      }
                    }
                  },
                  "400": {"$ref": "#/components/responses/Malformed"}
                }
              }
            },
            "/readyz": {
              "get": {
                "operationId": "readiness",
                "summary": "Whether events and requests can be taken.",
                "description": "Not about the catalog: its events must be taken while it cannot be asked.",
                "security": [],
                "responses": {
                  "200": {
                    "description": "They can.",
                    "content": {
                      "application/json": {"schema": {"$ref": "#/components/schemas/Readiness"}}
                    }
                  },
                  "400": {"$ref": "#/components/responses/Malformed"},
                  "503": {
                    "description": "They cannot: the journal cannot be written, or the server is about to end.",
                    "content": {
                      "application/json": {"schema": {"$ref": "#/components/schemas/Readiness"}}
                    }
                  }
                }
              }
            },
            "/metrics": {
              "get": {
                "operationId": "metrics",
                "summary": "Figures for Prometheus.",
                "responses": {
                  "200": {
                    "description": "The text format, version 0.0.4.",
                    "content": {"text/plain": {"schema": {"type": "string"}}}
                  },
                  "400": {"$ref": "#/components/responses/Malformed"},
                  "401": {"$ref": "#/components/responses/Unauthorized"},
                  "421": {"$ref": "#/components/responses/Misdirected"},
                  "500": {"$ref": "#/components/responses/Failed"}
                }
              }
            },
            "/api/v1/openapi.json": {
              "get": {
                "operationId": "document",
                "summary": "This document.",
                "responses": {
                  "200": {
                    "description": "OpenAPI 3.1.",
                    "content": {"application/json": {"schema": {"type": "object"}}}
                  },
                  "400": {"$ref": "#/components/responses/Malformed"},
                  "401": {"$ref": "#/components/responses/Unauthorized"},
                  "421": {"$ref": "#/components/responses/Misdirected"},
                  "500": {"$ref": "#/components/responses/Failed"}
                }
              }
            },
            "/api/v1/channels": {
              "get": {
                "operationId": "channels",
                "summary": "The channels of the configuration in use.",
                "responses": {
                  "200": {
                    "description": "In the file's order.",
                    "content": {
                      "application/json": {
                        "schema": {
                          "type": "object",
                          "properties": {
                            "channels": {
                              "type": "array",
                              "items": {"$ref": "#/components/schemas/Channel"}
                            }
                          },
                          "required": ["channels"],
                          "additionalProperties": false
                        }
                      }
                    }
                  },
                  "400": {"$ref": "#/components/responses/Malformed"},
                  "401": {"$ref": "#/components/responses/Unauthorized"},
                  "421": {"$ref": "#/components/responses/Misdirected"},
                  "500": {"$ref": "#/components/responses/Failed"}
                }
              }
            },
            "/api/v1/services": {
              "get": {
                "operationId": "services",
                "summary": "The services of the configuration in use.",
                "responses": {
                  "200": {
                    "description": "In the file's order.",
                    "content": {
                      "application/json": {
                        "schema": {
                          "type": "object",
                          "properties": {
                            "services": {
                              "type": "array",
                              "items": {"$ref": "#/components/schemas/Service"}
                            }
                          },
                          "required": ["services"],
                          "additionalProperties": false
                        }
                      }
                    }
                  },
                  "400": {"$ref": "#/components/responses/Malformed"},
                  "401": {"$ref": "#/components/responses/Unauthorized"},
                  "421": {"$ref": "#/components/responses/Misdirected"},
                  "500": {"$ref": "#/components/responses/Failed"}
                }
              }
            },
            "/api/v1/plan": {
              "post": {
                "operationId": "plan",
                "summary": "Make a plan; nothing is written.",
                "description": "The answer is what revmeta plan --format json prints, and what revmeta run --plan \#
        reads.",
                "requestBody": {
                  "required": false,
                  "content": {
                    "application/json": {"schema": {"$ref": "#/components/schemas/ChannelSelection"}}
                  }
                },
                "responses": {
                  "200": {
                    "description": "The plan.",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Plan"}}}
                  },
                  "400": {"$ref": "#/components/responses/Malformed"},
                  "401": {"$ref": "#/components/responses/Unauthorized"},
                  "403": {"$ref": "#/components/responses/OtherSite"},
                  "413": {"$ref": "#/components/responses/TooLong"},
                  "415": {"$ref": "#/components/responses/OtherType"},
                  "421": {"$ref": "#/components/responses/Misdirected"},
                  "422": {"$ref": "#/components/responses/UnknownChannel"},
                  "429": {"$ref": "#/components/responses/TooMany"},
                  "500": {"$ref": "#/components/responses/Failed"},
                  "502": {"$ref": "#/components/responses/CatalogFailed"},
                  "503": {"$ref": "#/components/responses/Stopping"}
                }
              }
            },
            "/api/v1/runs": {
              "get": {
                "operationId": "runs",
                "summary": "The runs that the journal remembers, newest first.",
                "description": "With a filter, those that have a change which matches all of it.",
                "parameters": [
                  {
                    "name": "limit",
                    "in": "query",
                    "description": "At most so many.",
                    "schema": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 50}
                  },
                  {
                    "name": "before",
                    "in": "query",
                    "description": "Only runs with a smaller number: next of an earlier answer.",
                    "schema": {"type": "integer", "minimum": 1, "maximum": 9223372036854775807}
                  },
                  {
                    "name": "channel",
                    "in": "query",
                    "description": "With a change of one of these channels.",
                    "schema": {"type": "array", "items": {"type": "string"}},
                    "style": "form",
                    "explode": true
                  },
                  {
                    "name": "service",
                    "in": "query",
                    "description": "With a change at one of these services.",
                    "schema": {"type": "array", "items": {"type": "string"}},
                    "style": "form",
                    "explode": true
                  },
                  {
                    "name": "entity",
                    "in": "query",
                    "description": "With a change of an entity whose path matches: a glob, or /a regular \#
        expression/.",
                    "schema": {"type": "string", "minLength": 1}
                  },
                  {
                    "name": "outcome",
                    "in": "query",
                    "description": "With a change of one of these outcomes.",
                    "schema": {
                      "type": "array",
                      "items": {"enum": ["applied", "skipped", "conflict", "failed", "open"]}
                    },
                    "style": "form",
                    "explode": true
                  },
                  {
                    "name": "since",
                    "in": "query",
                    "description": "Since a date or time, UTC.",
                    "schema": {
                      "type": "string",
                      "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}(:[0-9]{2}(:[0-9]{2}Z?)?)?)?$"
                    }
                  }
                ],
                "responses": {
                  "200": {
                    "description": "Runs.",
                    "content": {
                      "application/json": {
                        "schema": {
                          "type": "object",
                          "properties": {
                            "runs": {"type": "array", "items": {"$ref": "#/components/schemas/Run"}},
                            "next": {
                              "type": "integer",
                              "description": "What to ask for with before to see more; absent: that was all."
                            }
                          },
                          "required": ["runs"],
                          "additionalProperties": false
                        }
                      }
                    }
                  },
                  "400": {"$ref": "#/components/responses/Malformed"},
                  "401": {"$ref": "#/components/responses/Unauthorized"},
                  "421": {"$ref": "#/components/responses/Misdirected"},
                  "422": {"$ref": "#/components/responses/NoPattern"},
                  "500": {"$ref": "#/components/responses/Failed"}
                }
              },
              "post": {
                "operationId": "startRun",
                "summary": "Run channels now.",
                "description": "The services that they write to are worked on side by side; runs of one service \#
        wait for each other. The journal has the runs with the trigger api and the account that the server runs as.",
                "requestBody": {
                  "required": false,
                  "content": {
                    "application/json": {"schema": {"$ref": "#/components/schemas/ChannelSelection"}}
                  }
                },
                "responses": {
                  "202": {
                    "description": "It was begun.",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Job"}}},
                    "headers": {
                      "Location": {
                        "required": true,
                        "description": "The job.",
                        "schema": {"type": "string"}
                      }
                    },
                    "links": {
                      "job": {"operationId": "job", "parameters": {"id": "$response.body#/id"}},
                      "events": {"operationId": "jobEvents", "parameters": {"id": "$response.body#/id"}}
                    }
                  },
                  "400": {"$ref": "#/components/responses/Malformed"},
                  "401": {"$ref": "#/components/responses/Unauthorized"},
                  "403": {"$ref": "#/components/responses/OtherSite"},
                  "413": {"$ref": "#/components/responses/TooLong"},
                  "415": {"$ref": "#/components/responses/OtherType"},
                  "421": {"$ref": "#/components/responses/Misdirected"},
                  "422": {"$ref": "#/components/responses/UnknownChannel"},
                  "429": {"$ref": "#/components/responses/TooMany"},
                  "500": {"$ref": "#/components/responses/Failed"},
                  "503": {"$ref": "#/components/responses/Stopping"}
                }
              }
            },
            "/api/v1/runs/{id}": {
              "get": {
                "operationId": "run",
                "summary": "One run: each change, what was there before, and what became of it.",
                "description": "The answer is what revmeta show --format json prints.",
                "parameters": [
                  {
                    "name": "id",
                    "in": "path",
                    "required": true,
                    "description": "The run's number in the journal.",
                    "schema": {"type": "integer", "minimum": 1}
                  }
                ],
                "responses": {
                  "200": {
                    "description": "The run.",
                    "content": {
                      "application/json": {"schema": {"$ref": "#/components/schemas/ShownRun"}}
                    }
                  },
                  "400": {"$ref": "#/components/responses/Malformed"},
                  "401": {"$ref": "#/components/responses/Unauthorized"},
                  "404": {"$ref": "#/components/responses/Unknown"},
                  "421": {"$ref": "#/components/responses/Misdirected"},
                  "500": {"$ref": "#/components/responses/Failed"}
                }
              }
            },
            "/api/v1/jobs": {
              "get": {
                "operationId": "jobs",
                "summary": "What was asked for since the server began, newest first.",
                "responses": {
                  "200": {
                    "description": "The jobs that go on, and those that were over last.",
                    "content": {
                      "application/json": {
                        "schema": {
                          "type": "object",
                          "properties": {
                            "jobs": {"type": "array", "items": {"$ref": "#/components/schemas/Job"}}
                          },
                          "required": ["jobs"],
                          "additionalProperties": false
                        }
                      }
                    }
                  },
                  "400": {"$ref": "#/components/responses/Malformed"},
                  "401": {"$ref": "#/components/responses/Unauthorized"},
                  "421": {"$ref": "#/components/responses/Misdirected"},
                  "500": {"$ref": "#/components/responses/Failed"}
                }
              }
            },
            "/api/v1/jobs/{id}": {
              "get": {
                "operationId": "job",
                "summary": "One job.",
                "parameters": [
                  {
                    "name": "id",
                    "in": "path",
                    "required": true,
                    "description": "The job's number.",
                    "schema": {"type": "integer", "minimum": 1}
                  }
                ],
                "responses": {
                  "200": {
                    "description": "The job.",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Job"}}}
                  },
                  "400": {"$ref": "#/components/responses/Malformed"},
                  "401": {"$ref": "#/components/responses/Unauthorized"},
                  "404": {"$ref": "#/components/responses/Unknown"},
                  "421": {"$ref": "#/components/responses/Misdirected"},
                  "500": {"$ref": "#/components/responses/Failed"}
                }
              }
            },
            "/api/v1/jobs/{id}/events": {
              "get": {
                "operationId": "jobEvents",
                "summary": "A job as it goes on.",
                "parameters": [
                  {
                    "name": "id",
                    "in": "path",
                    "required": true,
                    "description": "The job's number.",
                    "schema": {"type": "integer", "minimum": 1}
                  }
                ],
                "responses": {
                  "200": {
                    "description": "Server-sent events until the job is over: job and end have a Job as data, \#
        progress has job, service, run, and how many facts were compared or changes written since. Who reads slowly \#
        misses the oldest.",
                    "content": {"text/event-stream": {}}
                  },
                  "400": {"$ref": "#/components/responses/Malformed"},
                  "401": {"$ref": "#/components/responses/Unauthorized"},
                  "404": {"$ref": "#/components/responses/Unknown"},
                  "421": {"$ref": "#/components/responses/Misdirected"},
                  "500": {"$ref": "#/components/responses/Failed"}
                }
              }
            },
            "/api/v1/events": {
              "get": {
                "operationId": "events",
                "summary": "Everything as it happens.",
                "responses": {
                  "200": {
                    "description": "Server-sent events until the server ends: job, progress, run (service, trigger, \#
        duration in seconds, report), reload (problem, if it was refused), end.",
                    "content": {"text/event-stream": {}}
                  },
                  "400": {"$ref": "#/components/responses/Malformed"},
                  "401": {"$ref": "#/components/responses/Unauthorized"},
                  "421": {"$ref": "#/components/responses/Misdirected"},
                  "500": {"$ref": "#/components/responses/Failed"}
                }
              }
            },
            "/api/v1/reload": {
              "post": {
                "operationId": "reload",
                "summary": "Read the configuration again, as SIGHUP does.",
                "description": "Runs that go on end with the old one.",
                "responses": {
                  "200": {
                    "description": "It is in use; its channels.",
                    "content": {
                      "application/json": {
                        "schema": {
                          "type": "object",
                          "properties": {"channels": {"type": "array", "items": {"type": "string"}}},
                          "required": ["channels"],
                          "additionalProperties": false
                        }
                      }
                    }
                  },
                  "400": {"$ref": "#/components/responses/Malformed"},
                  "401": {"$ref": "#/components/responses/Unauthorized"},
                  "403": {"$ref": "#/components/responses/OtherSite"},
                  "413": {"$ref": "#/components/responses/TooLong"},
                  "421": {"$ref": "#/components/responses/Misdirected"},
                  "422": {"$ref": "#/components/responses/Unusable"},
                  "500": {"$ref": "#/components/responses/Failed"},
                  "503": {"$ref": "#/components/responses/Stopping"}
                }
              }
            }
          },
          "components": {
            "securitySchemes": {
              "token": {
                "type": "http",
                "scheme": "bearer",
                "description": "serve.token of the configuration. Without one the server listens on this machine \#
        only, and asks nobody."
              }
            },
            "responses": {
              "Malformed": {
                "description": "The request is not understood; the detail says what was expected.",
                "content": {
                  "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
                }
              },
              "Unauthorized": {
                "description": "There is a token, and the request does not show it.",
                "content": {
                  "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
                }
              },
              "OtherSite": {
                "description": "The request comes from a page of another site.",
                "content": {
                  "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
                }
              },
              "Unknown": {
                "description": "There is no such thing.",
                "content": {
                  "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
                }
              },
              "TooLong": {
                "description": "The body is longer than 1 MiB.",
                "content": {
                  "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
                }
              },
              "OtherType": {
                "description": "The body is not application/json.",
                "content": {
                  "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
                }
              },
              "Misdirected": {
                "description": "There is no token, and Host is not this machine's own name.",
                "content": {
                  "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
                }
              },
              "UnknownChannel": {
                "description": "There is no such channel (known lists those there are), or the channels contradict \#
        each other.",
                "content": {
                  "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
                }
              },
              "Unusable": {
                "description": "The configuration cannot be used, and the one before stays.",
                "content": {
                  "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
                }
              },
              "NoPattern": {
                "description": "The entity is no pattern; the detail says what is wrong with it.",
                "content": {
                  "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
                }
              },
              "TooMany": {
                "description": "Too much goes on already.",
                "content": {
                  "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
                }
              },
              "Failed": {
                "description": "The request could not be done, for a reason of the server's own.",
                "content": {
                  "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
                }
              },
              "CatalogFailed": {
                "description": "The catalog could not be read.",
                "content": {
                  "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
                }
              },
              "Stopping": {
                "description": "The server is about to end.",
                "content": {
                  "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
                }
              }
            },
            "schemas": {
              "Problem": {
                "type": "object",
                "properties": {
                  "title": {"type": "string"},
                  "status": {"type": "integer"},
                  "detail": {"type": "string", "description": "What was expected, and what was found."},
                  "known": {
                    "type": "array",
                    "items": {"type": "string"},
                    "description": "What there is, where something was asked for that is not."
                  }
                },
                "required": ["detail", "status", "title"],
                "additionalProperties": false
              },
              "Readiness": {
                "type": "object",
                "properties": {
                  "status": {"enum": ["ready", "notReady"]},
                  "isStopping": {"type": "boolean"},
                  "journal": {"enum": ["writable", "notWritable"]}
                },
                "required": ["isStopping", "journal", "status"],
                "additionalProperties": false
              },
              "ChannelSelection": {
                "type": "object",
                "properties": {
                  "channels": {
                    "type": "array",
                    "items": {"type": "string"},
                    "minItems": 1,
                    "uniqueItems": true,
                    "description": "Names of the channels; without it: all."
                  }
                },
                "required": [],
                "additionalProperties": false
              },
              "Channel": {
                "type": "object",
                "properties": {
                  "name": {"type": "string"},
                  "filter": {
                    "type": "array",
                    "items": {"type": "string"},
                    "description": "What it selects, one thing a line; empty: everything."
                  },
                  "filterWarnings": {"type": "array", "items": {"type": "string"}},
                  "updateDescriptions": {"type": "boolean"},
                  "updateOwners": {"type": "boolean"},
                  "updateTags": {"type": "boolean"},
                  "sqlTemplates": {"type": "integer", "description": "How many templates of its own it has."},
                  "onConflict": {"enum": ["overwrite", "keep", "fail"]},
                  "removals": {"enum": ["apply", "ignore"]},
                  "sinkService": {
                    "type": "string",
                    "description": "The service that is written to instead of the entities' own."
                  },
                  "services": {
                    "type": "array",
                    "items": {"type": "string"},
                    "description": "The services that it writes to."
                  },
                  "schedule": {"$ref": "#/components/schemas/Schedule"}
                },
                "required": [
                  "filter",
                  "filterWarnings",
                  "name",
                  "onConflict",
                  "removals",
                  "services",
                  "sqlTemplates",
                  "updateDescriptions",
                  "updateOwners",
                  "updateTags"
                ],
                "additionalProperties": false
              },
              "Schedule": {
                "type": "object",
                "properties": {
                  "schedule": {
                    "type": "string",
                    "description": "@daily, or five fields as cron has them."
                  },
                  "timeZone": {"type": "string"},
                  "catchUp": {"enum": ["once", "skip"]},
                  "jitter": {"type": "number", "description": "Up to so many seconds after its time."},
                  "next": {
                    "type": "string",
                    "format": "date-time",
                    "description": "The next of its times."
                  }
                },
                "required": ["catchUp", "jitter", "next", "schedule", "timeZone"],
                "additionalProperties": false,
                "description": "When the channel is run by itself; absent: never."
              },
              "Service": {
                "type": "object",
                "properties": {
                  "name": {"type": "string"},
                  "type": {"type": "string", "description": "As the catalog has it: Postgres, Mysql."},
                  "plugin": {
                    "type": "string",
                    "description": "The id of its plugin; absent: there is none."
                  },
                  "channels": {"type": "array", "items": {"type": "string"}},
                  "run": {
                    "type": "integer",
                    "description": "The number of the run that goes on there."
                  },
                  "waiting": {"type": "integer", "description": "How many runs wait for it."}
                },
                "required": ["channels", "name", "type", "waiting"],
                "additionalProperties": false
              },
              "Counts": {
                "type": "object",
                "properties": {
                  "entities": {"type": "integer"},
                  "unchanged": {"type": "integer"},
                  "set": {"type": "integer"},
                  "overwritten": {"type": "integer"},
                  "cleared": {"type": "integer"},
                  "kept": {"type": "integer"},
                  "skipped": {"type": "integer"},
                  "conflicts": {"type": "integer"},
                  "failed": {"type": "integer"},
                  "unsettled": {"type": "integer"}
                },
                "required": [
                  "cleared",
                  "conflicts",
                  "entities",
                  "failed",
                  "kept",
                  "overwritten",
                  "set",
                  "skipped",
                  "unchanged",
                  "unsettled"
                ],
                "additionalProperties": false
              },
              "Job": {
                "type": "object",
                "properties": {
                  "id": {"type": "integer", "description": "Counted from 1 since the server began."},
                  "trigger": {"enum": ["api", "schedule", "changes", "events"]},
                  "channels": {
                    "type": "array",
                    "items": {"type": "string"},
                    "description": "Names of the channels that it is limited to; absent: all."
                  },
                  "isOver": {"type": "boolean"},
                  "exitStatus": {
                    "type": "integer",
                    "description": "As revmeta run has it: 0 done, 1 something failed, 2 refused, 3 not possible. \#
        Absent: it is not over."
                  },
                  "failure": {"type": "string", "description": "Why nothing was run at all."},
                  "services": {"type": "array", "items": {"$ref": "#/components/schemas/JobPart"}}
                },
                "required": ["id", "isOver", "services", "trigger"],
                "additionalProperties": false
              },
              "JobPart": {
                "type": "object",
                "properties": {
                  "service": {"type": "string"},
                  "state": {"enum": ["waiting", "running", "ended", "failed"]},
                  "run": {"type": "integer", "description": "Its number in the journal."},
                  "exitStatus": {"type": "integer"},
                  "counts": {"$ref": "#/components/schemas/Counts"},
                  "notices": {"type": "array", "items": {"type": "string"}},
                  "reason": {"type": "string", "description": "Why it could not be run to its end."}
                },
                "required": ["service", "state"],
                "additionalProperties": false
              },
              "Run": {
                "type": "object",
                "properties": {
                  "id": {"type": "integer"},
                  "started": {"type": "string", "format": "date-time"},
                  "finished": {"type": "string", "format": "date-time"},
                  "trigger": {"type": "string", "description": "manual, operations, rollback, api, schedule, changes, events."},
                  "person": {"type": "string", "description": "The account that it was run by."},
                  "version": {"type": "string", "description": "Of revmeta."},
                  "state": {"enum": ["planning", "executing", "finished", "failed", "stopped"]},
                  "channels": {
                    "type": "array",
                    "items": {"type": "string"},
                    "description": "Names of the channels that it was limited to; absent: all."
                  },
                  "plan": {"type": "string", "description": "The hash of what it set out to send."},
                  "counts": {"$ref": "#/components/schemas/Counts"},
                  "reason": {
                    "type": "string",
                    "description": "Why it did not do what it was to, a line each; absent: it did, or did not come to say."
                  }
                },
                "required": ["id", "person", "started", "state", "trigger", "version"],
                "additionalProperties": false
              },
              "ShownRun": {
                "type": "object",
                "properties": {
                  "format": {"const": "revmeta.show/0"},
                  "run": {"$ref": "#/components/schemas/Run"},
                  "changes": {"type": "array", "items": {"type": "object"}}
                },
                "required": ["changes", "format", "run"],
                "additionalProperties": false
              },
              "Plan": {
                "type": "object",
                "properties": {
                  "format": {"const": "revmeta.plan/1"},
                  "version": {"type": "string"},
                  "made": {"type": "string", "format": "date-time"},
                  "services": {
                    "type": "array",
                    "items": {
                      "type": "object",
                      "properties": {"name": {"type": "string"}, "type": {"type": "string"}},
                      "required": ["name", "type"],
                      "additionalProperties": false
                    }
                  },
                  "statements": {"type": "array", "items": {"type": "object"}},
                  "notWritten": {"type": "array", "items": {"type": "object"}},
                  "hash": {"type": ["string", "null"], "description": "Null: it has no statements."},
                  "report": {"type": "object"}
                },
                "required": [
                  "format",
                  "hash",
                  "made",
                  "notWritten",
                  "report",
                  "services",
                  "statements",
                  "version"
                ],
                "additionalProperties": false
              }
            }
          }
        }

        """#
}
