#!/bin/bash
# ctxschema: ignore-file CTX165
ONE_SERVICE_PARAMS=( 'a' ) # ctxschema: ignore CTX166
