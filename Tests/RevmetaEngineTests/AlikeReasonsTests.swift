import RevmetaEngine
import RevmetaModel
import Testing

/// What makes two reasons one.
@Suite struct AlikeReasonsTests {
    private func alike(_ reason: String, _ path: String) -> String { reason.withoutNames(of: EntityPath(path)!) }

    @Test func namesOfTheEntityDoNotCount() {
        let grant = "must be a member of app_owner, which owns table %: GRANT app_owner TO writer"
        #expect(
            alike(grant.replacing("%", with: "public.orders"), "shop.public.orders")
                == alike(grant.replacing("%", with: "sales.refunds"), "shop.sales.refunds.id"))
        #expect(alike("table `a`.`b` is gone", "db.a.b") == alike("table `a`.`c` is gone", "db.a.c"))
        #expect(alike("column 'x' of shop.public.t", "shop.public.t.x") == alike("column 'y' of shop.public.u", "shop.public.u.y"))
    }

    @Test func whatElseIsNamedCounts() {
        #expect(alike("role a does not exist", "shop.public.a") != alike("role b does not exist", "shop.public.b"))
        #expect(
            alike("GRANT USAGE ON SCHEMA sales", "shop.sales.t") != alike("GRANT USAGE ON SCHEMA hr", "shop.hr.t"))
        #expect(alike("of public", "shop") == "of public")
    }
}
