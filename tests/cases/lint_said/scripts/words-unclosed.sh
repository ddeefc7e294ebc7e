#!/bin/bash
ONE_SERVICE_PARAMS=(
    'ONEAPP_A' 'configure' "A
