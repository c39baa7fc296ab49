// Each test has several browsers to itself: side by side they would only measure each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
