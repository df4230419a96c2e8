namespace EdgeGateway.Identity.Authorizers;

/// <summary>Custom authorizers and which is the default. Refusals are <see cref="IdentityException"/>.</summary>
public interface ICustomAuthorizers
{
    Task<CustomAuthorizer> CreateAsync(CustomAuthorizer wanted, string actor);

    Task<CustomAuthorizer> UpdateAsync(string name, CustomAuthorizerUpdate update, string actor);

    /// <summary>Needs INACTIVE, and not to be the default.</summary>
    Task DeleteAsync(string name, string actor);

    /// <param name="name">Null: none is.</param>
    Task SetDefaultAsync(string? name, string actor);

    CustomAuthorizer? Find(string name);

    /// <summary>Asked where no authorizer is named; null: then nobody is let in so.</summary>
    CustomAuthorizer? Default { get; }

    /// <summary>By name.</summary>
    IReadOnlyList<CustomAuthorizer> List();
}
