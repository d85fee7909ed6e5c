#!/usr/bin/env node
/**
 * The command `countersign`.
 *
 * @module
 */
import './cli/main.ts'
