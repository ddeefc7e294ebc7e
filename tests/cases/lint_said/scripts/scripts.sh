#!/usr/bin/env bash
ONE_SERVICE_PARAMS=(
    'ONEAPP_A' 'configure' 'A' ''
    'ONEAPP_B' 'configure' 'B' 'O|text'
    'ONEAPP_B' 'configure' 'B again' 'O|number'
    'ONEAPP_C' 'configure' 'C' 'just words'
    'ONEAPP_D' 'configure' 'D' 'x|text'
    'ONEAPP_E' 'configure' 'E' 'O|numbr'
    'ONEAPP_F' 'configure' 'F' 'O|zzz'
    'ONEAPP_G' 'configure' 'G' 'O|boolean'
    'ONEAPP_H' 'configure' 'H' 'O|number'
    'ONEAPP_I' 'configure' 'I' 'O|number-float'
    'ONEAPP_J' 'configure' 'J' 'O|number'
    'ONEAPP_K' 'configure' 'K' 'O|boolean'
    'ONEAPP_L' 'configure' 'L' 'O|text|number'
    'ONEAPP_M' 'configure' 'M' 'M|boolean'
    "ONEAPP_N" configure "N is \"quoted\" \$x" 'O|number'
)
BEFORE="${BEFORE:-x}"
ONEAPP_B="${ONEAPP_B:-b}"
ONEAPP_G="${ONEAPP_G:-true}"
ONEAPP_H="${ONEAPP_H:-many}"
ONEAPP_I="${ONEAPP_I:-1.5x}"
ONEAPP_J="${ONEAPP_J:-$ONEAPP_H}"
ONEAPP_K="${ONEAPP_K:-}"
ONEAPP_L="${ONEAPP_L:-many}"
ONEAPP_M="${ONEAPP_M:-NO}"
ONEAPP_N=${ONEAPP_N:-'f''o'\''p'}
ONEAPP_Z="${ONEAPP_Z:-z}"
OTHER="${OTHER:-x}"
