namespace EdgeGateway.Sync.State;

internal readonly record struct StateMember(string Name, StateNode Node);
