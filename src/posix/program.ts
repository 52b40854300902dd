/** A program: a step function over data. What it returns is its exit status; undefined means that it goes on later. */
import type { Sys } from './sys.ts'

export type Step = number | undefined

/** HTTP for a program that listens by itself. */
export interface Asked {
  method: string
  /** With its query. */
  path: string
  /** Names in lower case. */
  headers?: Record<string, string>
  body?: string
  from?: string
}
export interface Answer {
  status: number
  body: string
  headers?: Record<string, string>
}

export interface Program {
  name: string
  /** Other names of the same. */
  also?: readonly string[]
  /** What `--help` and wrong use print after the name: busybox's own words. */
  usage?: string
  /** Runs until it ends (a status) or cannot go on: no input, no room for output, its share used up. */
  run(sys: Sys, data: any): Step
  /** Answers a request on the port that it listens on. */
  http?(sys: Sys, data: any, request: Asked): Answer
  /** A signal came: whether the program deals with it. Absent: the default action. */
  signal?(sys: Sys, data: any, signal: string): 'handled' | 'default'
}

export const program = (declaration: Program): Program => declaration
