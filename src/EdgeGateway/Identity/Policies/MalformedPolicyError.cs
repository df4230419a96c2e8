namespace EdgeGateway.Identity.Policies;

/// <summary>The kinds of fault a policy document can have.</summary>
public enum MalformedPolicyError
{
    InvalidJson,
    WrongType,
    UnknownElement,
    DuplicateElement,
    MissingElement,
    ConflictingElements,
    EmptyList,
    BadVersion,
    BadEffect,
    BadAction,
    BadResource,
    BadVariable,
    UnknownOperator,
    BadConditionValue,
    TooLong,
}
