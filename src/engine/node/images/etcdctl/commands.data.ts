/** What etcdctl 3.6 takes: commands with their flags (name, letter, default as its help prints it, what for), as its help texts say. */

export type Flag = readonly [name: string, letter: string, otherwise: string, text: string]
export interface CommandText {
  readonly short: string
  readonly use: string
  readonly long?: string
  readonly examples?: string
  /** It only has commands below it. */
  readonly parent?: true
  readonly options: readonly Flag[]
}

export const GLOBAL: readonly Flag[] = [
  [
    "cacert",
    "",
    "=\"\"",
    "verify certificates of TLS-enabled secure servers using this CA bundle"
  ],
  [
    "cert",
    "",
    "=\"\"",
    "identify secure client using this TLS certificate file"
  ],
  [
    "command-timeout",
    "",
    "=5s",
    "timeout for short running command (excluding dial timeout)"
  ],
  [
    "debug",
    "",
    "[=false]",
    "enable client-side debug logging"
  ],
  [
    "dial-timeout",
    "",
    "=2s",
    "dial timeout for client connections"
  ],
  [
    "discovery-srv",
    "d",
    "=\"\"",
    "domain name to query for SRV records describing cluster endpoints"
  ],
  [
    "discovery-srv-name",
    "",
    "=\"\"",
    "service name to query when using DNS discovery"
  ],
  [
    "endpoints",
    "",
    "=[127.0.0.1:2379]",
    "gRPC endpoints"
  ],
  [
    "hex",
    "",
    "[=false]",
    "print byte strings as hex encoded strings"
  ],
  [
    "insecure-discovery",
    "",
    "[=true]",
    "accept insecure SRV records describing cluster endpoints"
  ],
  [
    "insecure-skip-tls-verify",
    "",
    "[=false]",
    "skip server certificate verification (CAUTION: this option should be enabled only for testing purposes)"
  ],
  [
    "insecure-transport",
    "",
    "[=true]",
    "disable transport security for client connections"
  ],
  [
    "keepalive-time",
    "",
    "=2s",
    "keepalive time for client connections"
  ],
  [
    "keepalive-timeout",
    "",
    "=6s",
    "keepalive timeout for client connections"
  ],
  [
    "key",
    "",
    "=\"\"",
    "identify secure client using this TLS key file"
  ],
  [
    "max-recv-bytes",
    "",
    "=0",
    "client-side response receive limit in bytes (if 0, it defaults to \"math.MaxInt32\")"
  ],
  [
    "max-request-bytes",
    "",
    "=0",
    "client-side request send limit in bytes (if 0, it defaults to 2.0 MiB (2 * 1024 * 1024).)"
  ],
  [
    "password",
    "",
    "=\"\"",
    "password for authentication (if this option is used, --user option shouldn't include password)"
  ],
  [
    "user",
    "",
    "=\"\"",
    "username[:password] for authentication (prompt if password is not supplied)"
  ],
  [
    "write-out",
    "w",
    "=\"simple\"",
    "set the output format (fields, json, protobuf, simple, table)"
  ]
]

export const COMMANDS: Readonly<Record<string, CommandText>> = {
  "alarm": {
    "short": "Alarm related commands",
    "use": "etcdctl alarm <subcommand> [flags]",
    "parent": true,
    "options": []
  },
  "alarm disarm": {
    "short": "Disarms all alarms",
    "use": "etcdctl alarm disarm [flags]",
    "options": []
  },
  "alarm list": {
    "short": "Lists all alarms",
    "use": "etcdctl alarm list [flags]",
    "options": []
  },
  "auth": {
    "short": "Enable or disable authentication",
    "use": "etcdctl auth <enable or disable> [flags]",
    "parent": true,
    "options": []
  },
  "auth disable": {
    "short": "Disables authentication",
    "use": "etcdctl auth disable [flags]",
    "options": []
  },
  "auth enable": {
    "short": "Enables authentication",
    "use": "etcdctl auth enable [flags]",
    "options": []
  },
  "auth status": {
    "short": "Returns authentication status",
    "use": "etcdctl auth status [flags]",
    "options": []
  },
  "check": {
    "short": "commands for checking properties of the etcd cluster",
    "use": "etcdctl check <subcommand> [flags]",
    "parent": true,
    "options": []
  },
  "check datascale": {
    "short": "Check the memory usage of holding data for different workloads on a given server endpoint.",
    "use": "etcdctl check datascale [options] [flags]",
    "long": "If no endpoint is provided, localhost will be used. If multiple endpoints are provided, first endpoint will be used.",
    "options": [
      [
        "auto-compact",
        "",
        "[=false]",
        "Compact storage with last revision after test is finished."
      ],
      [
        "auto-defrag",
        "",
        "[=false]",
        "Defragment storage after test is finished."
      ],
      [
        "load",
        "",
        "=\"s\"",
        "The datascale check's workload model. Accepted workloads: s(small), m(medium), l(large), xl(xLarge)"
      ],
      [
        "prefix",
        "",
        "=\"/etcdctl-check-datascale/\"",
        "The prefix for writing the datascale check's keys."
      ]
    ]
  },
  "check perf": {
    "short": "Check the performance of the etcd cluster",
    "use": "etcdctl check perf [options] [flags]",
    "options": [
      [
        "auto-compact",
        "",
        "[=false]",
        "Compact storage with last revision after test is finished."
      ],
      [
        "auto-defrag",
        "",
        "[=false]",
        "Defragment storage after test is finished."
      ],
      [
        "load",
        "",
        "=\"s\"",
        "The performance check's workload model. Accepted workloads: s(small), m(medium), l(large), xl(xLarge). Different workload models use different configurations in terms of number of clients and expected throughput."
      ],
      [
        "prefix",
        "",
        "=\"/etcdctl-check-perf/\"",
        "The prefix for writing the performance check's keys."
      ]
    ]
  },
  "compaction": {
    "short": "Compacts the event history in etcd",
    "use": "etcdctl compaction [options] <revision> [flags]",
    "options": [
      [
        "physical",
        "",
        "[=false]",
        "'true' to wait for compaction to physically remove all old revisions"
      ]
    ]
  },
  "defrag": {
    "short": "Defragments the storage of the etcd members with given endpoints",
    "use": "etcdctl defrag [flags]",
    "options": [
      [
        "cluster",
        "",
        "[=false]",
        "use all endpoints from the cluster member list"
      ]
    ]
  },
  "del": {
    "short": "Removes the specified key or range of keys [key, range_end)",
    "use": "etcdctl del [options] <key> [range_end] [flags]",
    "options": [
      [
        "from-key",
        "",
        "[=false]",
        "delete keys that are greater than or equal to the given key using byte compare"
      ],
      [
        "prefix",
        "",
        "[=false]",
        "delete keys with matching prefix"
      ],
      [
        "prev-kv",
        "",
        "[=false]",
        "return deleted key-value pairs"
      ],
      [
        "range",
        "",
        "[=false]",
        "delete range of keys"
      ]
    ]
  },
  "downgrade": {
    "short": "Downgrade related commands",
    "use": "etcdctl downgrade <TARGET_VERSION> [flags]",
    "parent": true,
    "options": []
  },
  "downgrade cancel": {
    "short": "Cancel the ongoing downgrade action to cluster",
    "use": "etcdctl downgrade cancel [flags]",
    "options": []
  },
  "downgrade enable": {
    "short": "Start a downgrade action to cluster",
    "use": "etcdctl downgrade enable <TARGET_VERSION> [flags]",
    "options": []
  },
  "downgrade validate": {
    "short": "Validate downgrade capability before starting downgrade",
    "use": "etcdctl downgrade validate <TARGET_VERSION> [flags]",
    "options": []
  },
  "elect": {
    "short": "Observes and participates in leader election",
    "use": "etcdctl elect <election-name> [proposal] [flags]",
    "options": [
      [
        "listen",
        "l",
        "[=false]",
        "observation mode"
      ]
    ]
  },
  "endpoint": {
    "short": "Endpoint related commands",
    "use": "etcdctl endpoint <subcommand> [flags]",
    "parent": true,
    "options": [
      [
        "cluster",
        "",
        "[=false]",
        "use all endpoints from the cluster member list"
      ]
    ]
  },
  "endpoint hashkv": {
    "short": "Prints the KV history hash for each endpoint in --endpoints",
    "use": "etcdctl endpoint hashkv [flags]",
    "options": [
      [
        "rev",
        "",
        "=0",
        "maximum revision to hash (default: latest revision)"
      ]
    ]
  },
  "endpoint health": {
    "short": "Checks the healthiness of endpoints specified in `--endpoints` flag",
    "use": "etcdctl endpoint health [flags]",
    "options": []
  },
  "endpoint status": {
    "short": "Prints out the status of endpoints specified in `--endpoints` flag",
    "use": "etcdctl endpoint status [flags]",
    "long": "When --write-out is set to simple, this command prints out comma-separated status lists for each endpoint.\nThe items in the lists are endpoint, ID, version, db size, is leader, is learner, raft term, raft index, raft applied index, errors.",
    "options": []
  },
  "get": {
    "short": "Gets the key or a range of keys",
    "use": "etcdctl get [options] <key> [range_end] [flags]",
    "options": [
      [
        "consistency",
        "",
        "=\"l\"",
        "Linearizable(l) or Serializable(s)"
      ],
      [
        "count-only",
        "",
        "[=false]",
        "Get only the count"
      ],
      [
        "from-key",
        "",
        "[=false]",
        "Get keys that are greater than or equal to the given key using byte compare"
      ],
      [
        "keys-only",
        "",
        "[=false]",
        "Get only the keys"
      ],
      [
        "limit",
        "",
        "=0",
        "Maximum number of results"
      ],
      [
        "max-create-rev",
        "",
        "=0",
        "Maximum create revision"
      ],
      [
        "max-mod-rev",
        "",
        "=0",
        "Maximum modification revision"
      ],
      [
        "min-create-rev",
        "",
        "=0",
        "Minimum create revision"
      ],
      [
        "min-mod-rev",
        "",
        "=0",
        "Minimum modification revision"
      ],
      [
        "order",
        "",
        "=\"\"",
        "Order of results; ASCEND or DESCEND (ASCEND by default)"
      ],
      [
        "prefix",
        "",
        "[=false]",
        "Get keys with matching prefix"
      ],
      [
        "print-value-only",
        "",
        "[=false]",
        "Only write values when using the \"simple\" output format"
      ],
      [
        "rev",
        "",
        "=0",
        "Specify the kv revision"
      ],
      [
        "sort-by",
        "",
        "=\"\"",
        "Sort target; CREATE, KEY, MODIFY, VALUE, or VERSION"
      ]
    ]
  },
  "lease": {
    "short": "Lease related commands",
    "use": "etcdctl lease <subcommand> [flags]",
    "parent": true,
    "options": []
  },
  "lease grant": {
    "short": "Creates leases",
    "use": "etcdctl lease grant <ttl> [flags]",
    "options": []
  },
  "lease keep-alive": {
    "short": "Keeps leases alive (renew)",
    "use": "etcdctl lease keep-alive [options] <leaseID> [flags]",
    "options": [
      [
        "once",
        "",
        "[=false]",
        "Resets the keep-alive time to its original value and cobrautl.Exits immediately"
      ]
    ]
  },
  "lease list": {
    "short": "List all active leases",
    "use": "etcdctl lease list [flags]",
    "options": []
  },
  "lease revoke": {
    "short": "Revokes leases",
    "use": "etcdctl lease revoke <leaseID> [flags]",
    "options": []
  },
  "lease timetolive": {
    "short": "Get lease information",
    "use": "etcdctl lease timetolive <leaseID> [options] [flags]",
    "options": [
      [
        "keys",
        "",
        "[=false]",
        "Get keys attached to this lease"
      ]
    ]
  },
  "lock": {
    "short": "Acquires a named lock",
    "use": "etcdctl lock <lockname> [exec-command arg1 arg2 ...] [flags]",
    "options": [
      [
        "ttl",
        "",
        "=10",
        "timeout for session"
      ]
    ]
  },
  "make-mirror": {
    "short": "Makes a mirror at the destination etcd cluster",
    "use": "etcdctl make-mirror [options] <destination> [flags]",
    "options": [
      [
        "dest-cacert",
        "",
        "=\"\"",
        "Verify certificates of TLS enabled secure servers using this CA bundle"
      ],
      [
        "dest-cert",
        "",
        "=\"\"",
        "Identify secure client using this TLS certificate file for the destination cluster"
      ],
      [
        "dest-insecure-transport",
        "",
        "[=true]",
        "Disable transport security for client connections"
      ],
      [
        "dest-key",
        "",
        "=\"\"",
        "Identify secure client using this TLS key file"
      ],
      [
        "dest-password",
        "",
        "=\"\"",
        "Destination password for authentication (if this option is used, --user option shouldn't include password)"
      ],
      [
        "dest-prefix",
        "",
        "=\"\"",
        "destination prefix to mirror a prefix to a different prefix in the destination cluster"
      ],
      [
        "dest-user",
        "",
        "=\"\"",
        "Destination username[:password] for authentication (prompt if password is not supplied)"
      ],
      [
        "max-txn-ops",
        "",
        "=128",
        "Maximum number of operations permitted in a transaction during syncing updates."
      ],
      [
        "no-dest-prefix",
        "",
        "[=false]",
        "mirror key-values to the root of the destination cluster"
      ],
      [
        "prefix",
        "",
        "=\"\"",
        "Key-value prefix to mirror"
      ],
      [
        "rev",
        "",
        "=0",
        "Specify the kv revision to start to mirror"
      ]
    ]
  },
  "member": {
    "short": "Membership related commands",
    "use": "etcdctl member <subcommand> [flags]",
    "parent": true,
    "options": []
  },
  "member add": {
    "short": "Adds a member into the cluster",
    "use": "etcdctl member add <memberName> [options] [flags]",
    "options": [
      [
        "learner",
        "",
        "[=false]",
        "indicates if the new member is raft learner"
      ],
      [
        "peer-urls",
        "",
        "=\"\"",
        "comma separated peer URLs for the new member."
      ]
    ]
  },
  "member list": {
    "short": "Lists all members in the cluster",
    "use": "etcdctl member list [flags]",
    "long": "When --write-out is set to simple, this command prints out comma-separated member lists for each endpoint.\nThe items in the lists are ID, Status, Name, Peer Addrs, Client Addrs, Is Learner.",
    "options": [
      [
        "consistency",
        "",
        "=\"l\"",
        "Linearizable(l) or Serializable(s)"
      ]
    ]
  },
  "member promote": {
    "short": "Promotes a non-voting member in the cluster",
    "use": "etcdctl member promote <memberID> [flags]",
    "long": "Promotes a non-voting learner member to a voting one in the cluster.",
    "options": []
  },
  "member remove": {
    "short": "Removes a member from the cluster",
    "use": "etcdctl member remove <memberID> [flags]",
    "options": []
  },
  "member update": {
    "short": "Updates a member in the cluster",
    "use": "etcdctl member update <memberID> [options] [flags]",
    "options": [
      [
        "peer-urls",
        "",
        "=\"\"",
        "comma separated peer URLs for the updated member."
      ]
    ]
  },
  "move-leader": {
    "short": "Transfers leadership to another etcd cluster member.",
    "use": "etcdctl move-leader <transferee-member-id> [flags]",
    "options": []
  },
  "put": {
    "short": "Puts the given key into the store",
    "use": "etcdctl put [options] <key> <value> (<value> can also be given from stdin) [flags]",
    "long": "Puts the given key into the store.\n\nWhen <value> begins with '-', <value> is interpreted as a flag.\nInsert '--' for workaround:\n\n$ put <key> -- <value>\n$ put -- <key> <value>\n\nIf <value> isn't given as a command line argument and '--ignore-value' is not specified,\nthis command tries to read the value from standard input.\n\nIf <lease> isn't given as a command line argument and '--ignore-lease' is not specified,\nthis command tries to read the value from standard input.\n\nFor example,\n$ cat file | put <key>\nwill store the content of the file to <key>.",
    "options": [
      [
        "ignore-lease",
        "",
        "[=false]",
        "updates the key using its current lease"
      ],
      [
        "ignore-value",
        "",
        "[=false]",
        "updates the key using its current value"
      ],
      [
        "lease",
        "",
        "=\"0\"",
        "lease ID (in hexadecimal) to attach to the key"
      ],
      [
        "prev-kv",
        "",
        "[=false]",
        "return the previous key-value pair before modification"
      ]
    ]
  },
  "role": {
    "short": "Role related commands",
    "use": "etcdctl role <subcommand> [flags]",
    "parent": true,
    "options": []
  },
  "role add": {
    "short": "Adds a new role",
    "use": "etcdctl role add <role name> [flags]",
    "options": []
  },
  "role delete": {
    "short": "Deletes a role",
    "use": "etcdctl role delete <role name> [flags]",
    "options": []
  },
  "role get": {
    "short": "Gets detailed information of a role",
    "use": "etcdctl role get <role name> [flags]",
    "options": []
  },
  "role grant-permission": {
    "short": "Grants a key to a role",
    "use": "etcdctl role grant-permission [options] <role name> <permission type> <key> [endkey] [flags]",
    "options": [
      [
        "from-key",
        "",
        "[=false]",
        "grant a permission of keys that are greater than or equal to the given key using byte compare"
      ],
      [
        "prefix",
        "",
        "[=false]",
        "grant a prefix permission"
      ]
    ]
  },
  "role list": {
    "short": "Lists all roles",
    "use": "etcdctl role list [flags]",
    "options": []
  },
  "role revoke-permission": {
    "short": "Revokes a key from a role",
    "use": "etcdctl role revoke-permission <role name> <key> [endkey] [flags]",
    "options": [
      [
        "from-key",
        "",
        "[=false]",
        "revoke a permission of keys that are greater than or equal to the given key using byte compare"
      ],
      [
        "prefix",
        "",
        "[=false]",
        "revoke a prefix permission"
      ]
    ]
  },
  "snapshot": {
    "short": "Manages etcd node snapshots",
    "use": "etcdctl snapshot <subcommand> [flags]",
    "examples": "# Save snapshot to a given file\netcdctl snapshot save /backup/etcd-snapshot.db\n\n# Get snapshot from given address and save it to file\netcdctl snapshot save --endpoints=127.0.0.1:3000 /backup/etcd-snapshot.db\n\n# Get snapshot from given address with certificates\netcdctl --endpoints=https://127.0.0.1:2379 --cacert=/etc/etcd/ca.crt --cert=/etc/etcd/etcd.crt --key=/etc/etcd/etcd.key snapshot save /backup/etcd-snapshot.db\n\n# Get snapshot wih certain user and password\netcdctl --user=root --password=password123 snapshot save /backup/etcd-snapshot.db\n\n# Get snapshot from given address with timeout\netcdctl --endpoints=https://127.0.0.1:2379 --dial-timeout=20s snapshot save /backup/etcd-snapshot.db\n\n# Save snapshot with desirable time format\netcdctl snapshot save /mnt/backup/etcd/backup_$(date +%Y%m%d_%H%M%S).db",
    "parent": true,
    "options": []
  },
  "snapshot save": {
    "short": "Stores an etcd node backend snapshot to a given file",
    "use": "etcdctl snapshot save <filename> [flags]",
    "examples": "# Save snapshot to a given file\netcdctl snapshot save /backup/etcd-snapshot.db\n\n# Get snapshot from given address and save it to file\netcdctl snapshot save --endpoints=127.0.0.1:3000 /backup/etcd-snapshot.db\n\n# Get snapshot from given address with certificates\netcdctl --endpoints=https://127.0.0.1:2379 --cacert=/etc/etcd/ca.crt --cert=/etc/etcd/etcd.crt --key=/etc/etcd/etcd.key snapshot save /backup/etcd-snapshot.db\n\n# Get snapshot wih certain user and password\netcdctl --user=root --password=password123 snapshot save /backup/etcd-snapshot.db\n\n# Get snapshot from given address with timeout\netcdctl --endpoints=https://127.0.0.1:2379 --dial-timeout=20s snapshot save /backup/etcd-snapshot.db\n\n# Save snapshot with desirable time format\netcdctl snapshot save /mnt/backup/etcd/backup_$(date +%Y%m%d_%H%M%S).db",
    "options": []
  },
  "txn": {
    "short": "Txn processes all the requests in one transaction",
    "use": "etcdctl txn [options] [flags]",
    "long": "Txn reads multiple etcd requests from standard input and applies them as a single atomic transaction.\n\nA transaction consists of three components:\n1) a list of conditions,\n2) a list of requests to apply if all the conditions are true,\n3) a list of requests to apply if any condition is false.\n\nExample interactive stdin usage:\n\n---\netcdctl txn -i\n# compares:\nmod(\"key1\") > \"0\"\n\n# success requests (get, put, delete):\nput key1 \"overwrote-key1\"\n\n# failure requests (get, put, delete):\nput key1 \"created-key1\"\nput key2 \"some extra key\"\n---\n\nRefer to https://github.com/etcd-io/etcd/blob/main/etcdctl/README.md#txn-options.",
    "options": [
      [
        "interactive",
        "i",
        "[=false]",
        "Input transaction in interactive mode"
      ]
    ]
  },
  "user": {
    "short": "User related commands",
    "use": "etcdctl user <subcommand> [flags]",
    "parent": true,
    "options": []
  },
  "user add": {
    "short": "Adds a new user",
    "use": "etcdctl user add <user name or user:password> [options] [flags]",
    "options": [
      [
        "interactive",
        "",
        "[=true]",
        "Read password from stdin instead of interactive terminal"
      ],
      [
        "new-user-password",
        "",
        "=\"\"",
        "Supply password from the command line flag"
      ],
      [
        "no-password",
        "",
        "[=false]",
        "Create a user without password (CN based auth only)"
      ]
    ]
  },
  "user delete": {
    "short": "Deletes a user",
    "use": "etcdctl user delete <user name> [flags]",
    "options": []
  },
  "user get": {
    "short": "Gets detailed information of a user",
    "use": "etcdctl user get <user name> [options] [flags]",
    "options": [
      [
        "detail",
        "",
        "[=false]",
        "Show permissions of roles granted to the user"
      ]
    ]
  },
  "user grant-role": {
    "short": "Grants a role to a user",
    "use": "etcdctl user grant-role <user name> <role name> [flags]",
    "options": []
  },
  "user list": {
    "short": "Lists all users",
    "use": "etcdctl user list [flags]",
    "options": []
  },
  "user passwd": {
    "short": "Changes password of user",
    "use": "etcdctl user passwd <user name> [options] [flags]",
    "options": [
      [
        "interactive",
        "",
        "[=true]",
        "If true, read password from stdin instead of interactive terminal"
      ]
    ]
  },
  "user revoke-role": {
    "short": "Revokes a role from a user",
    "use": "etcdctl user revoke-role <user name> <role name> [flags]",
    "options": []
  },
  "version": {
    "short": "Prints the version of etcdctl",
    "use": "etcdctl version [flags]",
    "options": []
  },
  "watch": {
    "short": "Watches events stream on keys or prefixes",
    "use": "etcdctl watch [options] [key or prefix] [range_end] [--] [exec-command arg1 arg2 ...] [flags]",
    "options": [
      [
        "interactive",
        "i",
        "[=false]",
        "Interactive mode"
      ],
      [
        "prefix",
        "",
        "[=false]",
        "Watch on a prefix if prefix is set"
      ],
      [
        "prev-kv",
        "",
        "[=false]",
        "get the previous key-value pair before the event happens"
      ],
      [
        "progress-notify",
        "",
        "[=false]",
        "get periodic watch progress notification from server"
      ],
      [
        "rev",
        "",
        "=0",
        "Revision to start watching"
      ]
    ]
  }
}
