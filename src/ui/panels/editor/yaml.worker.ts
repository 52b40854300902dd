/** Entry of the YAML language server's worker. */
import 'monaco-yaml/yaml.worker.js'
