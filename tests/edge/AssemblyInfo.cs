// Each test has a server's processes to itself: side by side they would only measure each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
