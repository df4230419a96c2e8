namespace EdgeGateway.Registry;

/// <summary>What a <see cref="RegistryChange"/> says. The numbers are stored: never renumber.</summary>
public enum RegistryChangeKind
{
    ThingCreated = 1,
    ThingUpdated = 2,
    ThingDeleted = 3,

    ThingTypeCreated = 11,

    /// <summary>Description changed, deprecated, or deprecation undone.</summary>
    ThingTypeUpdated = 12,
    ThingTypeDeleted = 13,

    ThingGroupCreated = 21,
    ThingGroupUpdated = 22,
    ThingGroupDeleted = 23,

    BillingGroupCreated = 31,
    BillingGroupUpdated = 32,
    BillingGroupDeleted = 33,

    /// <summary>Name: the thing. Other: the group.</summary>
    MembershipAdded = 41,

    /// <inheritdoc cref="MembershipAdded"/>
    MembershipRemoved = 42,

    /// <summary>Name: the parent group. Other: the child.</summary>
    HierarchyAdded = 51,

    /// <inheritdoc cref="HierarchyAdded"/>
    HierarchyRemoved = 52,

    /// <summary>Name: the thing. Other: the type.</summary>
    TypeAssociationAdded = 61,

    /// <inheritdoc cref="TypeAssociationAdded"/>
    TypeAssociationRemoved = 62,

    /// <summary>Name: the thing. Other: ARN of the principal.</summary>
    PrincipalAttached = 71,

    /// <inheritdoc cref="PrincipalAttached"/>
    PrincipalDetached = 72,

    /// <summary>Name: the thing. Other: the billing group.</summary>
    BillingMembershipAdded = 81,

    /// <inheritdoc cref="BillingMembershipAdded"/>
    BillingMembershipRemoved = 82,
}
