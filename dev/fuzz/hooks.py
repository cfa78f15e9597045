import schemathesis

# The lines of an import: /openapi.json describes them as a text.
schemathesis.serializer.alias("application/x-ndjson", "text/plain")
