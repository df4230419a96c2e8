using EdgeGateway.Identity;
using EdgeGateway.Identity.Certificates;
using EdgeGateway.Identity.Credentials;
using EdgeGateway.Registry;

namespace EdgeGateway.Api.Aws;

/// <summary>Whether what a call names as principal or policy target is there: the registry does not know certificates, identity not groups.</summary>
internal sealed class PrincipalDirectory(ICertificates certificates, IDeviceCredentials users, IThingGroups groups, IdentityArns arns)
{
    /// <exception cref="AwsException">Not an ARN of a principal (InvalidRequest), or there is none of that name (ResourceNotFound).</exception>
    public void RequirePrincipal(string arn)
    {
        if (!IsPrincipal(arn))
            throw AwsException.InvalidRequest($"principal is '{arn}', expected the ARN of a certificate ({arns.Certificate("ID")}) or user");
    }

    /// <summary>A principal or a thing group.</summary>
    /// <inheritdoc cref="RequirePrincipal"/>
    public void RequireTarget(string arn)
    {
        if (arns.Id(arn, "thinggroup") is { } group)
        {
            if ((groups.Find(group) ?? throw AwsException.NotFound($"thing group {group} is not registered")).Query is not null)
                throw AwsException.InvalidRequest($"thing group {group} is dynamic: policies are attached to static groups and to certificates");
        }
        else if (!IsPrincipal(arn))
        {
            throw AwsException.InvalidRequest($"target is '{arn}', expected the ARN of a certificate, user or thing group of this gateway, such as {arns.Certificate("ID")}");
        }
    }

    private bool IsPrincipal(string arn)
    {
        if (arns.Id(arn, "cert") is { } id)
            return certificates.Find(id) is not null ? true : throw AwsException.NotFound($"certificate {id} is not registered");
        if (arns.Id(arn, "user") is { } user)
            return users.List().Contains(user) ? true : throw AwsException.NotFound($"user {user} is not known");
        return false;
    }
}
