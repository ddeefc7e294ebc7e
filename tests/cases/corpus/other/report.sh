#!/usr/bin/env python3
print("ONE_SERVICE_PARAMS=(")
