using SchoolHome.People;

namespace SchoolHome.Web.People;

/// <summary>The people of a school: who may see them and who may change them. Whoever may not gets 404.</summary>
internal static class PeopleEndpoints
{
    public static IEndpointRouteBuilder MapPeople(this IEndpointRouteBuilder routes)
    {
        var school = routes.MapGroup("/people/{school}").WithTags("People");
        var reading = school.MapGroup("").ForOffices().AllowPrograms(ApiScopes.ReadPeople);
        var administration = school.MapGroup("").ForAdministrators();
        SearchEndpoints.Map(reading);
        ClassEndpoints.Map(reading, administration);
        StudentEndpoints.Map(reading, administration);
        GuardianEndpoints.Map(administration);
        StaffEndpoints.Map(reading, administration);
        FamilyEndpoints.Map(school);
        AuditEndpoints.Map(school.MapGroup("").ForAdministrators().AllowPrograms(ApiScopes.ReadPeople));
        return routes;
    }
}
