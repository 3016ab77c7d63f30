/** Where and how trials run on a cluster: a machine profile, as the user's machines.yaml has it. */
export interface MachineProfile {
  readonly partition?: string;
  readonly account?: string;
  readonly qos?: string;
  readonly gpusPerTask?: number;
  readonly cpusPerTask?: number;
  /** Of a task, as Slurm writes it: `4G`. */
  readonly memory?: string;
  /** The limit of a task, such as `2h30m`. */
  readonly time?: string;
  /** Tasks that run at the same time at most. */
  readonly maxParallel?: number;
  /** Trials that a task trains one after the other; default: `auto`, by the time that they take. */
  readonly trialsPerTask?: number | 'auto';
  /** Lines of shell that a task runs first, such as `module load gcc`. */
  readonly setup?: readonly string[];
  /** A folder that the cluster's machines share, for the engine and the data: what `setup --shared` provides. It counts from the file's own. */
  readonly cache?: string;
  /** Further arguments of sbatch. */
  readonly extraArgs?: readonly string[];
}
