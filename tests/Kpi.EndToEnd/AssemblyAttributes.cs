// The tests measure times and memory of real processes on few cores: one at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
