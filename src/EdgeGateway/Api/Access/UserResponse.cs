using EdgeGateway.Identity.Credentials;

namespace EdgeGateway.Api.Access;

internal sealed record UserResponse(string Name, string Role, DateTimeOffset Created)
{
    public static UserResponse From(Person person) => new(person.Name, person.Role.ToWire(), person.Created);
}
