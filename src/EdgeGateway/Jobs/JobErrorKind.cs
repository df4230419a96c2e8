namespace EdgeGateway.Jobs;

/// <summary>Why something about jobs was refused, by AWS's names.</summary>
public enum JobErrorKind
{
    InvalidRequest,
    ResourceNotFound,
    ResourceAlreadyExists,
    Conflict,
    InvalidStateTransition,
    VersionMismatch,
    LimitExceeded,
    TerminalState,
}
